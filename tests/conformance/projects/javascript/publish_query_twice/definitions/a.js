publish("a").query("select 1").query("select 2");
