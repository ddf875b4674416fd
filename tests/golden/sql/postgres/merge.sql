-- runs
begin
-- runs
create temp table weir_stage_fb2594dd39e9c199 on commit drop as
select "id", "user", "name"
from "staging"."events"
with no data
-- runs
insert into weir_stage_fb2594dd39e9c199 ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
analyze weir_stage_fb2594dd39e9c199
-- runs
do $weir$
#variable_conflict use_column
begin
	if (select count(*) from (
		select from weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
		group by DATAFORM_SOURCE."id", DATAFORM_SOURCE."user"
		having count(*) > 1
	) same_key) = 0 then
		return;
	end if;
	if (select count(*) from (
		select from "staging"."events" as DATAFORM_DEST
		join weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
		on DATAFORM_DEST."id" = DATAFORM_SOURCE."id" and DATAFORM_DEST."user" = DATAFORM_SOURCE."user"
		group by DATAFORM_DEST.tableoid, DATAFORM_DEST.ctid
		having count(*) > 1
	) met_twice) > 0 then
		raise exception 'several rows of the query match one row of the table by unique key'
			using errcode = '21000';
	end if;
end $weir$
-- runs
create temp table weir_stage_fb2594dd39e9c199_new on commit drop as
select * from weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
where not exists (
	select from "staging"."events" as DATAFORM_DEST
	where DATAFORM_DEST."id" = DATAFORM_SOURCE."id" and DATAFORM_DEST."user" = DATAFORM_SOURCE."user"
)
-- counts
update "staging"."events" as DATAFORM_DEST
set "id" = DATAFORM_SOURCE."id", "user" = DATAFORM_SOURCE."user", "name" = DATAFORM_SOURCE."name"
from weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
where DATAFORM_DEST."id" = DATAFORM_SOURCE."id" and DATAFORM_DEST."user" = DATAFORM_SOURCE."user"
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name" from weir_stage_fb2594dd39e9c199_new
-- runs
commit
-- asks
select pg_typeof(q."id"), pg_typeof(t."id"), pg_typeof(q."user"), pg_typeof(t."user"), pg_typeof(q."name"), pg_typeof(t."name")
from (select 1 as one) as o
left join (select * from (
select * from raw.events
) as insertions limit 0) as q
on true
left join (select * from "staging"."events" limit 0) as t on true
-- a dry run checks
select "id", "user", "name"
from (
select * from raw.events
) as insertions
