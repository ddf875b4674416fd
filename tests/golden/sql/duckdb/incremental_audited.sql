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
