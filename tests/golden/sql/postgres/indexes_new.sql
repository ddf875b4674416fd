-- runs
begin
-- counts
create table "staging"."events" as
select 1 as id, 'x' as "user" -- ; one
-- the config's index (id, user)
-- runs
create unique index "events_id_user_weir_08d98b0039debb91" on "staging"."events" ("id", "user")
-- the config's index ((id % 2) desc)
-- runs
create index "events_id2desc_weir_3dbb50d8a8d97adb" on "staging"."events" ((id % 2) desc)
-- runs
commit
-- a dry run checks
select 1 as id, 'x' as "user" -- ; one
