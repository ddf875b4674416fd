publish(null).query("select 1");
