publish("a", null).query("select 1");
