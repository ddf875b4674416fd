publish().query("select 1");
