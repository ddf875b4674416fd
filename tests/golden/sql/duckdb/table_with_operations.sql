-- runs
begin
-- runs
set x = 1; -- first
-- counts
create or replace table "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- runs
grant select on staging.events to reader
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
