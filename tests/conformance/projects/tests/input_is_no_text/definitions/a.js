["undefined", "null", "5", "list"].forEach(name => publish(name).query("select 1"));
publish("all").query(ctx => `${ctx.ref("undefined")} ${ctx.ref("null")} ${ctx.ref("5")} ${ctx.ref("list")}`);
test("t").dataset("all").input("undefined").input("null", null).input("5", () => 5).input("list", ["a", "b"]).expect("select 1");
