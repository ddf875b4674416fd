publish("b").query("select 1");
publish("a").query(({ ref }) => `select * from ${ref("b")}`);
