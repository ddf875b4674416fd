publish("a", { type: "table", bigquery: { partitionBy: "d" }, labels: { a: "1" } }).query("select 1").bigquery({ clusterBy: ["x"], labels: { b: "2" } });
