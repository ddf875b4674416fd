operate("a", "select 1");
operate("b").queries(["select 1", "select 2"]);
operate("c").queries(ctx => [`select '${ctx.name()}'`, "x"]);
operate("d").queries(ctx => `select 1`);
