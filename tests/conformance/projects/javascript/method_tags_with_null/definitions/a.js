publish("a").query("select 1").tags(["x", null]);
