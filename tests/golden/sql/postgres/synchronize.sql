-- runs
begin
-- runs
set x = 1
-- runs, then compares columns
create temp table weir_stage_fb2594dd39e9c199_columns on commit drop as
select *
from (
select * from raw.events
) as insertions
limit 0
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
commit
-- asks
select a.attname, format_type(a.atttypid, a.atttypmod),
	format_type(a.atttypid, a.atttypmod) || case
		when a.attcollation <> t.typcollation
		then ' collate ' || a.attcollation::regcollation
		else '' end,
	case when a.attgenerated <> '' or a.attidentity = 'a'
		then 'true' else 'false' end
from pg_attribute a
join pg_type t on t.oid = a.atttypid
where a.attrelid = 'weir_stage_fb2594dd39e9c199_columns'::regclass
and a.attnum > 0 and not a.attisdropped
order by a.attnum
-- asks
select a.attname, format_type(a.atttypid, a.atttypmod),
	format_type(a.atttypid, a.atttypmod) || case
		when a.attcollation <> t.typcollation
		then ' collate ' || a.attcollation::regcollation
		else '' end,
	case when a.attgenerated <> '' or a.attidentity = 'a'
		then 'true' else 'false' end
from pg_attribute a
join pg_type t on t.oid = a.atttypid
where a.attrelid = '"staging"."events"'::regclass
and a.attnum > 0 and not a.attisdropped
order by a.attnum
-- a dry run checks
select * from raw.events
