publish("b").query("select 1");
publish("b", { schema: "other" }).query("select 1");
