publish("b", { type: "table", assertions: { nonNull: ["x"] } }).query("select 1");
publish("a").query("select 1").dependencies({ name: "b", includeDependentAssertions: true });
