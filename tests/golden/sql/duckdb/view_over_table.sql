-- runs
begin
-- runs
drop table "staging"."events"
-- runs
create or replace view "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
