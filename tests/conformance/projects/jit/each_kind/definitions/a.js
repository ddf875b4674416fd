publish("v", { type: "view" }).jitCode(jctx => "select 1");
publish("i", { type: "incremental" }).jitCode(jctx => ({ query: "select 1" }));
operate("o").jitCode(async jctx => ["select 1"]);
assert("x").jitCode(async jctx => "select 1");
