publish("b").query("select 1");
operate("a")
  .queries(ctx => `create table ${ctx.self()} as select 1`)
  .dependencies("b")
  .disabled()
  .tags(["x", "x"])
  .hasOutput(true)
  .description("does")
  .columns([{ path: ["a"], description: "d" }])
  .database("p2")
  .schema("s2")
  .setDependOnDependencyAssertions(true);
