publish("a", { type: "table" }).jitCode(async (jctx) => `select * from ${jctx.ref("b")}`);
publish("b").query("select 1");
