publish("a", { type: "table", schema: "s", tags: ["x"], bigquery: { partitionBy: "d" } }).query("select 1");
