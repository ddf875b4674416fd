publish("from_js", {
  type: "incremental",
  weir: { strategy: "delete+insert" }
}).query("SELECT 1 AS id").uniqueKey(["id"]);
publish("from_context", (ctx) => `SELECT ${ctx.run_end_time()} AS ts`);
publish("refused", { type: "table", weir: { strategy: "window" } });
