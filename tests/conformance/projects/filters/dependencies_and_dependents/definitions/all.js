publish("a").query("select 1");
publish("b").query(ctx => `select * from ${ctx.ref("a")}`);
publish("sibling").query(ctx => `select * from ${ctx.ref("a")}`);
publish("c").query(ctx => `select * from ${ctx.ref("b")}`);
publish("other").query("select 1");
