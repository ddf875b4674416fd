publish("a", { type: "incremental" }).query("select 1").uniqueKey("id");
publish("b", { type: "incremental" }).query("select 1").uniqueKey();
