operate("op1", ctx => [`drop table ${ctx.ref("t_one")}`, "select 2"]).tags(["o", "o"]).description("an op");
operate("op2", { type: "operations", hasOutput: true, schema: "s2", dependencies: ["sales.t_two"], columns: { a: "b" } }).queries(ctx => `create table ${ctx.self()} as select 1`);
operate("op3").queries("select 3").hasOutput(true).database("db3").dependencies([{ name: "op2", includeDependentAssertions: true }]);
operate("op4");
assert("as1", ctx => `select * from ${ctx.ref("s2", "op2")} where false`).tags("q").description("checks it").disabled(false);
assert("as2", { type: "assertion", disabled: true, hermetic: true, tags: ["r"], schema: "elsewhere", description: "d2" }).query("select 1");
assert("as3").query(ctx => `select 1 from ${ctx.ref("asserted")}`).dependencies("op1").schema("s9");
publish("dep", { type: "table", dependOnDependencyAssertions: true }).query(ctx => `select * from ${ctx.ref("moved", "asserted")} join ${ctx.ref("op2")}`);
publish("dep2", { type: "table" }).query(ctx => `select * from ${ctx.ref({ name: "asserted", includeDependentAssertions: true })}`).hermetic(true);
