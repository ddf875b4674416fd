-- runs
begin
-- the config's index (id, user)
-- runs
create unique index if not exists "events_id_user_weir_08d98b0039debb91" on "staging"."events" ("id", "user")
-- the config's index ((id % 2) desc)
-- runs
create index if not exists "events_id2desc_weir_3dbb50d8a8d97adb" on "staging"."events" ((id % 2) desc)
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
commit
-- asks
select typeof(q."id"), typeof(t."id"), typeof(q."user"), typeof(t."user"), typeof(q."name"), typeof(t."name")
from (select 1 as one) as o
left join (select * from (
select * from raw.events
) as insertions limit 0) as q
on true
left join (select * from "staging"."events" limit 0) as t on true
-- a dry run checks
select "id", "user", "name"
from (
select * from raw.events
) as insertions
