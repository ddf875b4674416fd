-- runs
begin
-- runs
create or replace view "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- runs
comment on view "staging"."events" is 'it''s'
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
