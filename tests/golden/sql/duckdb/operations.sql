-- runs
create table staging.events (id int);
-- runs
insert into staging.events values (1) -- one
-- a dry run checks
create table staging.events (id int);
-- a dry run checks
insert into staging.events values (1) -- one
