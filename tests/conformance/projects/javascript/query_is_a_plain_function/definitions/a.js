publish("b").query("select 1");
publish("a").query(function (ctx) { return "select * from " + ctx.ref("b"); });
