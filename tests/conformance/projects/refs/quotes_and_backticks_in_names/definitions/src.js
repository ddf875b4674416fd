publish("b`c").query("select 1");
publish("d\"e").query("select 1");
