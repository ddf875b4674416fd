select 1 as i
