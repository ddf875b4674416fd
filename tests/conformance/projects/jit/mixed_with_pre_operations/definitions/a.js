publish("a", { type: "table" }).preOps("x").jitCode(jctx => "select 2");
