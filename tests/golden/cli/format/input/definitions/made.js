publish("x",{type:"table"}).query(ctx=>`select
    1`)