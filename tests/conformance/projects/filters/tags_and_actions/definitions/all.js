publish("a", { tags: ["daily"] }).query("select 1");
publish("b").query("select 1");
publish("c").query("select 1");
