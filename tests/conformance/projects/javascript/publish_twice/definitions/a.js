publish("a").query("select 1");
publish("a").query("select 2");
