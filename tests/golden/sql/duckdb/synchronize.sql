-- runs
begin
-- runs
set x = 1
-- runs, then compares columns
create or replace temp table weir_stage_fb2594dd39e9c199_columns as
select *
from (
select * from raw.events
) as insertions
limit 0
-- runs
drop table weir_stage_fb2594dd39e9c199_columns
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
commit
-- asks
select column_name, column_type, column_type, false
from (describe weir_stage_fb2594dd39e9c199_columns)
-- asks
select column_name, column_type, column_type, false
from (describe "staging"."events")
-- a dry run checks
select * from raw.events
