publish("b").query("select 1");
publish("c", { type: "table", assertions: { nonNull: ["x"] } }).query(ctx => `select * from ${ctx.ref("b")}`);
