publish("b").query("select 1"
publish("c");
