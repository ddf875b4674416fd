publish("a").query("select 1").description();
operate("b", "select 1").description(undefined).tags("x");
publish("c").query("select 1").description(null).tags("x");
