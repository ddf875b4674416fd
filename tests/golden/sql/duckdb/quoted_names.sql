-- counts
create or replace table "odd ""schema"""."it's" as
select 1
-- a dry run checks
select 1
