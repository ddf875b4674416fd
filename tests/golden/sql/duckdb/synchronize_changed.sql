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
-- runs
create or replace temp table weir_stage_fb2594dd39e9c199 as
select "id", "user", "order"
from (
select * from raw.events
) as insertions
-- runs
alter table "staging"."events" add column if not exists "order" bigint
-- runs
alter table "staging"."events" drop column if exists "name"
-- counts
insert into "staging"."events" ("id", "user", "order")
select "id", "user", "order"
from weir_stage_fb2594dd39e9c199
-- runs
drop table weir_stage_fb2594dd39e9c199
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
