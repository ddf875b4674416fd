publish(5).query("select 1");
