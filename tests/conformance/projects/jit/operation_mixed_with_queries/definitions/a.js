operate("a").queries("select 1").jitCode(jctx => "select 2");
