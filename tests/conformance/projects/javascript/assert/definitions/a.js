publish("b").query("select 1");
assert("a", ctx => `select * from ${ctx.ref("b")} where x is null`);
assert("c").query("select 1").tags("x").description("none").disabled().dependencies(["b"]).schema("s").database("d");
assert("e", { description: "first", tags: ["y"], dataset: "q" }).query("select 1");
