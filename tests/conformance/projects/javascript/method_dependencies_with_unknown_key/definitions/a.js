publish("b").query("select 1");
publish("a").query("select 1").dependencies({ name: "b", table: "x" });
