declare({ name: "src" });
publish("a", { type: "table", assertions: { nonNull: ["x"] } }).query(ctx => `select * from ${ctx.ref("src")}`);
publish("b").query(ctx => `select * from ${ctx.ref("a")}`);
publish("c").query(ctx => `select * from ${ctx.ref("b")}`);
