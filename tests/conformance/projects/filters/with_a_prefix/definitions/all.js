publish("a").query("select 1");
publish("b").query("select 1");
