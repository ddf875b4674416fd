publish(0).query("select 1");
