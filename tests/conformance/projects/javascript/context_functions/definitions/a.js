publish("b").query("select 1");
publish("a", { type: "table" }).query(ctx => [
  ctx.ref("b"), ctx.ref("ds", "b"), ctx.ref(["ds", "b"]), ctx.ref({ name: "b" }), ctx.resolve("b"),
  ctx.self(), ctx.name(), ctx.schema(), ctx.database(), ctx.when(true, "x"), ctx.incremental()
].join(" "));
