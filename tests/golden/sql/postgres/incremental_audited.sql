-- runs
begin
-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- runs
analyze
-- audits
select count(*)
from (
select * from staging.events where id < 0 -- none
) as audited
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
