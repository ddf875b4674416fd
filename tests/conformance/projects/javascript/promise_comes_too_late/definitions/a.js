Promise.resolve().then(() => publish("late").query("select 1"));
setTimeout(() => publish("later").query("select 1"), 0);
publish("a").query("select 1");
