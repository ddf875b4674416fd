publish("a").queries("select 1");
publish("b").query("select 1");
