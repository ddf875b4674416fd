publish("a").query(ctx => { throw new Error("no luck"); });
publish("b").query("select 1");
