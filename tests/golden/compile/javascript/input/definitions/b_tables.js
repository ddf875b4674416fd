names.all.forEach(name => {
  publish(`t_${name}`, { type: "table", tags: ["a"] })
    .query(ctx => `select ${names.list(["x", "y"])} from ${ctx.ref("orders")}`)
    .preOps(ctx => `-- before ${ctx.self()}`)
    .preOps(["set a = 1", "", "set b = 2"])
    .postOps(ctx => [`grant select on ${ctx.name()} to x`, " "])
    .tags("b").tags(["c", "b"])
    .description("made")
    .columns([{ path: ["x"], description: "an x" }])
    .dependencies(["users", { schema: "sales", name: "v_plain" }])
    .disabled();
});
publish("v_plain", "select 1 as x");
publish("v_view", { type: "view", materialized: true, partitionBy: "d", schema: "other" })
  .query(ctx => `select * from ${ctx.ref("raw", "orders")} ${ctx.when(ctx.incremental(), "where a", "where b")} ${ctx.database()}.${ctx.schema()}`);
publish("v_labels").query("select 1").bigquery({ labels: { a: "b" }, additionalOptions: { x: "1" } });
publish("i", { type: "incremental", uniqueKey: ["id"], bigquery: { partitionBy: "date(ts)", clusterBy: ["id"], labels: { team: "a" }, updatePartitionFilter: "ts > 1" }, protected: true })
  .query(ctx => `select * from ${ctx.ref({ schema: "raw", name: "orders" })} ${ctx.when(ctx.incremental(), `where ts > (select max(ts) from ${ctx.self()})`)}`)
  .preOps(ctx => ctx.incremental() ? "select 'inc'" : " ")
  .where("ts > 0");
publish("i2", { type: "incremental", onSchemaChange: "extend", incrementalStrategy: "insert_overwrite", partitionBy: "d" }).query(ctx => "select 2").protected();
publish("typed").type("table");
publish("asserted", { type: "table" }).query("select 1 as id, 'it''s' as n").assertions({ uniqueKeys: [{ uniqueKey: ["id"] }, { uniqueKey: ["id", "n"] }], nonNull: ["id"], rowConditions: ["n = 'it\\'s'", "id > 0"] }).tags("late").schema("moved");
publish("chain").query(ctx => { ctx.tags(["z"]); ctx.dependencies("v_plain"); return `${ctx.preOps("set x = 1")}${ctx.disabled()}select ${ctx.resolve("t_one")}`; });
