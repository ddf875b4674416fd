publish("a", { type: "table" }).query(ctx => 42);

operate("b").queries(ctx => ["select 1", null]);
