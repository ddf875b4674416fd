publish("b").query("select 1");
publish("a", { type: "table" }).query(ctx => `${ctx.tags(["x"])}${ctx.bigquery({ partitionBy: "d" })}${ctx.disabled()}${ctx.dependencies(["b"])}${ctx.postOps("p")}select 1`);
