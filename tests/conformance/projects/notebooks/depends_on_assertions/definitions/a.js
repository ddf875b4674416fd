publish("a", { type: "table", assertions: { nonNull: ["x"] } }).query("select 1");
notebook({ name: "n", filename: "book.ipynb", dependencyTargets: [{ name: "a" }], dependOnDependencyAssertions: true });
