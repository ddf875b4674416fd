publish("B2").query("select 1");
