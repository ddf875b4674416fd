publish("s.a").query("select 1");
