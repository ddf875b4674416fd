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
delete from "staging"."events" as DATAFORM_DEST
where case when DATAFORM_DEST."id" is null then null when DATAFORM_DEST."id" < 0 then 0 else least(div(cast(DATAFORM_DEST."id" as numeric) - 0, 10) + 1, 11) end in (
	select distinct case when DATAFORM_SOURCE."id" is null then null when DATAFORM_SOURCE."id" < 0 then 0 else least(div(cast(DATAFORM_SOURCE."id" as numeric) - 0, 10) + 1, 11) end
	from weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
)
	and DATAFORM_DEST.id > 5
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from weir_stage_fb2594dd39e9c199
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
