-- runs
begin
-- runs
drop view "staging"."events"
-- counts
create or replace table "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
