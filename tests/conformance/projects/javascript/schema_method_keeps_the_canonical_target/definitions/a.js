publish("a", { schema: "s1" }).query(ctx => `select * from ${ctx.self()}`).schema("s2").database("p2");
