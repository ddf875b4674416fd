const t = publish("a", { type: "incremental" })
  .query(ctx => `select ${ctx.incremental()} ${ctx.when(ctx.incremental(), "new")}`)
  .where(ctx => `x > (select max(x) from ${ctx.self()})`)
  .preOps(ctx => ctx.when(ctx.incremental(), "set a = 1", "set a = 2"))
  .postOps(["one", "two"])
  .protected();
t.uniqueKey(["x"]);
