const config = { type: "table", tags: ["x"], description: "same" };
publish("a", config).query("select 1");
publish("b", config).query("select 2");
