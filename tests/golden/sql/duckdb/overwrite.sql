-- runs
begin
-- runs
create or replace temp table weir_stage_fb2594dd39e9c199 as
select "id", "user", "name"
from "staging"."events"
limit 0
-- runs
insert into weir_stage_fb2594dd39e9c199 ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from "staging"."events"
where false
-- runs
delete from "staging"."events" as DATAFORM_DEST
where case when DATAFORM_DEST."id" is null then null when DATAFORM_DEST."id" < 0 then 0 else least((cast(DATAFORM_DEST."id" as hugeint) - 0) // 10 + 1, 11) end in (
	select distinct case when DATAFORM_SOURCE."id" is null then null when DATAFORM_SOURCE."id" < 0 then 0 else least((cast(DATAFORM_SOURCE."id" as hugeint) - 0) // 10 + 1, 11) end
	from weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
)
	and DATAFORM_DEST.id > 5
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from weir_stage_fb2594dd39e9c199
-- runs
drop table weir_stage_fb2594dd39e9c199
-- runs
commit
-- asks
select typeof(q."id"), typeof(t."id"), typeof(q."user"), typeof(t."user"), typeof(q."name"), typeof(t."name")
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
