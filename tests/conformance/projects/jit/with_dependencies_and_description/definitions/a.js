publish("b").query("select 1");
publish("a", { type: "table", description: "d", tags: ["x"], dependencies: ["b"] }).jitCode(jctx => "select 1");
