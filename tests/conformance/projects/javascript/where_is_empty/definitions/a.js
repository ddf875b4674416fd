publish("a", { type: "incremental" }).query("select 1").where("");
publish("b", { type: "incremental" }).query("select 1").where(null);
publish("c", { type: "incremental" }).query("select 1").where(ctx => "");
