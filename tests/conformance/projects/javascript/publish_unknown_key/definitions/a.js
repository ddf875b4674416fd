publish("a", { type: "table", foo: 1 }).query("select 1");
publish("b").query("select 1");
