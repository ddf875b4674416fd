publish("a", { type: "table" }).jitCode("async (jctx) => 'select 1'");
