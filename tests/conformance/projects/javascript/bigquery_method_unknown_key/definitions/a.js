publish("a", { type: "table" }).query("select 1").bigquery({ foo: 1 });
