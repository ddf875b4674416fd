-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from (
select * from raw.events
) as subquery
where id > (select max(id) from staging.events) -- new
) as insertions
-- a dry run checks
select "id", "user", "name"
from (
select * from (
select * from raw.events
) as subquery
where id > (select max(id) from staging.events) -- new
) as insertions
