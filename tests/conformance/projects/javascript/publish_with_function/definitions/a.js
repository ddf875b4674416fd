publish("b", "select 1");
publish("a", ctx => `select * from ${ctx.ref("b")}`);
