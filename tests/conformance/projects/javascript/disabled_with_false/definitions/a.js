publish("a", { type: "table", disabled: true }).query("select 1").disabled(false);
