publish("a", { type: "table", assertions: { nonNull: ["x"] } }).jitCode(jctx => "select 1");
