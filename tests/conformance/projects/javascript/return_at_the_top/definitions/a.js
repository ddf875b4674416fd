publish("a").query("select 1");
if (true) return;
publish("b").query("select 1");
