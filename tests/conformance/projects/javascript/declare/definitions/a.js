declare({ name: "a" });
declare({ schema: "raw", name: "b", database: "p2" }).description("said").columns([{ path: ["x"], description: "y" }]);
declare({ dataset: "raw", name: "c", project: "p3", columns: { x: "y" } });
publish("t").query(ctx => `select * from ${ctx.ref("a")}, ${ctx.ref("raw", "b")}, ${ctx.ref("c")}`);
