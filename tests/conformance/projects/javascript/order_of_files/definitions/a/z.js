publish("az").query("select 1");
