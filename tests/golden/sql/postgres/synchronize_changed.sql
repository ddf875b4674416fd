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
-- runs
create temp table weir_stage_fb2594dd39e9c199 on commit drop as
select "id", "user", "order"
from (
select * from raw.events
) as insertions
-- runs
analyze weir_stage_fb2594dd39e9c199
-- runs
do $weir$
declare
	place constant text := 'staging.events';
	lock_limit constant text := current_setting('lock_timeout');
	limit_text constant text := case lock_limit when '0'
		then '30s' else lock_limit end;
	patience constant interval := limit_text::interval;
begin
	begin
		perform set_config('lock_timeout', (1000 *
			extract(epoch from patience))::int::text, true);
		lock table "staging"."events" in access exclusive mode;
	exception when lock_not_available then
		raise exception 'waited % for those who use %', limit_text,
			place using errcode = '55P03',
			hint = 'nothing was changed; run it again when they are done '
				'(pg_stat_activity shows them), or set a longer '
				'lock_timeout in the connection of the target';
	end;
	perform set_config('lock_timeout', lock_limit, true);
end $weir$
-- runs
alter table "staging"."events" add column if not exists "order" bigint
-- runs
alter table "staging"."events" drop column if exists "name"
-- counts
insert into "staging"."events" ("id", "user", "order")
select "id", "user", "order"
from weir_stage_fb2594dd39e9c199
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
