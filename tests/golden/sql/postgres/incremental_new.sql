-- counts
create table "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
