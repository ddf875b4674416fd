publish("a").query("select 1").disabled(null);
operate("b", "select 1").disabled([null]);
publish("c").query("select 1").disabled(undefined);
