publish("a", { schema: "s" }).query(ctx => `select * from ${ctx.self()}`).schema().database(null);
