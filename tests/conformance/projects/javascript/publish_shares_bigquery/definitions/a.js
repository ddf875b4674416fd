const o = {partitionBy: "day", labels: {x: "y"}};
publish("a", {type: "table", bigquery: o}).query("select 1");
publish("b", {type: "table", bigquery: o}).query("select 1");
o.clusterBy = ["q"];
publish("c", {type: "incremental", bigquery: o}).query("select 1");
publish("d", {type: "table", bigquery: {...o}}).query("select 1");
publish("e", {type: "view", bigquery: o}).query("select 1");
