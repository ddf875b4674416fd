const all = Array.from({ length: 30000 }, (_, i) => `no_such_${i}`);

publish("a", { dependencies: all }).query("select 1");
publish("b").query((ctx) => all.map((name) => ctx.ref(name)).join());
for (const name of all)
  try {
    publish(name, { [name]: 1 });
  } catch (e) {}
