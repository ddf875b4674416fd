-- counts
insert into "staging"."events" ("id", "user", "name")
select "id", "user", "name"
from (
select * from raw.events
) as insertions
-- a dry run checks
select "id", "user", "name"
from (
select * from raw.events
) as insertions
