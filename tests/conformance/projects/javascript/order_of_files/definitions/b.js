publish("b").query("select 1");
