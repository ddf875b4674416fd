publish("a", { type: "table" }).query("select 1").bigquery(["partitionBy"]);
publish("b", { type: "table" }).query("select 1").bigquery("");
publish("c", { type: "table" }).query("select 1").bigquery();
publish("d").query("select 1");
