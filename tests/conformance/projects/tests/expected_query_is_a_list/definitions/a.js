publish("a").query("select 1");
test("t").dataset("a").expect(["select 1"]);
