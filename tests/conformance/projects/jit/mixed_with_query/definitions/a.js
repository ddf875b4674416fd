publish("a", { type: "table" }).query("select 1").jitCode(jctx => "select 2");
publish("b").query("select 1");
