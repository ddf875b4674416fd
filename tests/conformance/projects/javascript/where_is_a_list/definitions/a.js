publish("a", { type: "incremental" }).query("select 1").where(["x > 1"]);
