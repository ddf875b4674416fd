publish("b").query("select 1");
publish("c", { schema: "s" }).query("select 1");
publish("a").query("select 1").dependencies(["b", { schema: "s", name: "c" }]);
