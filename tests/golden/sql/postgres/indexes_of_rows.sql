-- runs
begin
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- one of the config's indexes (id, user), ((id % 2) desc)
-- runs
do $weir$
begin
	if to_regclass('"staging"."events_id_user_weir_08d98b0039debb91"') is null then
		lock table "staging"."events" in share update exclusive mode;
		create unique index if not exists "events_id_user_weir_08d98b0039debb91" on "staging"."events" ("id", "user");
	end if;
	if to_regclass('"staging"."events_id2desc_weir_3dbb50d8a8d97adb"') is null then
		lock table "staging"."events" in share update exclusive mode;
		create index if not exists "events_id2desc_weir_3dbb50d8a8d97adb" on "staging"."events" ((id % 2) desc);
	end if;
end $weir$
-- runs
commit
-- asks
select pg_typeof(q."id"), pg_typeof(t."id"), pg_typeof(q."user"), pg_typeof(t."user"), pg_typeof(q."name"), pg_typeof(t."name")
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
