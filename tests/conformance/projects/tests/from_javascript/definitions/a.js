publish("b").query("select 1");
publish("a").query(ctx => `select * from ${ctx.ref("b")}`);
test("t").dataset("a").input("b", "select 5").expect("select 5");
test("u").dataset({ schema: "ds", name: "a" }).input(["b"], ctx => "select 6").expect(ctx => "select 6");
