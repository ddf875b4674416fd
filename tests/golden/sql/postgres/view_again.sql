-- runs
create or replace view "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- otherwise, if refused with 42P16
-- runs
begin
-- runs
create view "staging"."weir_tmp_fb2594dd39e9c199" as
select 1 as id, 'x' as "user" -- ; one
-- runs, in brief
"staging"."weir_tmp_fb2594dd39e9c199" takes the place of "staging"."events", with what hangs on it; views on it are made again
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
