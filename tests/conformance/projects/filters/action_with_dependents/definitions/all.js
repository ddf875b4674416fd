publish("a").query("select 1");
publish("b", { type: "table", assertions: { nonNull: ["x"] } }).query(ctx => `select * from ${ctx.ref("a")}`);
publish("c").query(ctx => `select * from ${ctx.ref("b")}`);
