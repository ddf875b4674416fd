const options = { partitionBy: "day" };
publish("a", { type: "table", bigquery: options }).query("select 1");
publish("b", { type: "table", bigquery: options }).query("select 1");
options.clusterBy = ["a"];
publish("c", { type: "table", bigquery: options }).query("select 1");
publish("d", { type: "table", bigquery: Object.freeze({ partitionBy: "day" }) }).query("select 1");
