const t = publish("a");
t.query("select 1");
t.tags(["late"]);
publish("b").query(ctx => `select ${t === t.tags([])}`);
