select * from `p.d.x`
