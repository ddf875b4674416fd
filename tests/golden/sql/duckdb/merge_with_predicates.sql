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
select error('several rows of the query match one row of the table by unique key')
from (
	select 1
	from "staging"."events" as DATAFORM_DEST
	join weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
	on DATAFORM_DEST.payload.key = DATAFORM_SOURCE.payload.key
	and DATAFORM_DEST.id > 5 -- new
	
	and (DATAFORM_DEST.id > 10 -- recent
	)
	group by DATAFORM_DEST.rowid
	having count(*) > 1
	limit 1
)
-- counts
merge into "staging"."events" as DATAFORM_DEST
using weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
on (DATAFORM_DEST.payload.key = DATAFORM_SOURCE.payload.key
	and DATAFORM_DEST.id > 5 -- new
	
	and (DATAFORM_DEST.id > 10 -- recent
	))
when matched then update set "id" = DATAFORM_SOURCE."id", "user" = DATAFORM_SOURCE."user", "name" = DATAFORM_SOURCE."name"
when not matched then insert ("id", "user", "name")
values (DATAFORM_SOURCE."id", DATAFORM_SOURCE."user", DATAFORM_SOURCE."name")
-- runs
drop table weir_stage_fb2594dd39e9c199
-- runs
analyze
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
