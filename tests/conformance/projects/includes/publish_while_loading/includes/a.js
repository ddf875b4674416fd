publish("from_include").query("select 1");
