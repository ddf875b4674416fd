select 1 as t
