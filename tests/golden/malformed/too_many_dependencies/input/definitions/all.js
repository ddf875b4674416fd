const keys = Array.from({ length: 2100 }, (_, i) => [`k${i}`]);

publish("read", { type: "table", assertions: { uniqueKeys: keys } }).query("select 1");
for (let i = 0; i < 2100; i++)
  publish(`t${i}`, { dependOnDependencyAssertions: true }).query((ctx) => ctx.ref("read"));
