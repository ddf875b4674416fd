-- runs
create or replace view "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- asks
select count(*) from "staging"."events"
-- asks
select * from "staging"."events" limit 10
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
