-- runs
begin
-- runs
create or replace temp table weir_stage_fb2594dd39e9c199 as
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
delete from "staging"."events" as DATAFORM_DEST
using weir_stage_fb2594dd39e9c199 as DATAFORM_SOURCE
where DATAFORM_DEST.payload.key = DATAFORM_SOURCE.payload.key
	and DATAFORM_DEST.id > 5 -- new
	
	and (DATAFORM_DEST.id > 10 -- recent
	)
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from weir_stage_fb2594dd39e9c199
-- runs
drop table weir_stage_fb2594dd39e9c199
-- runs
analyze
-- runs
commit
-- a dry run checks
select "id", "user", "name"
from (
select * from raw.events
) as insertions
