publish("a", { type: "table" }).query("select 1").preOps(ctx => { "set x = 1"; });
