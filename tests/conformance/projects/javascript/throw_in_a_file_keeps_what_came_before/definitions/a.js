publish("a").query("select 1");
throw new Error("stop");
publish("b").query("select 1");
