assert("a").query("select 1").jitCode(jctx => "select 2");
