publish("a").query("select 1");
publish("b").query("select 1");
operate("c", "select 1");
