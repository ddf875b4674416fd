publish("a").query("select 1");
