// As deep as a value may be; in the graph it is three times as deep.
const deep = {};
for (let i = 0, at = deep; i < 97; i++) at = at.a = {};
publish("a", { type: "table", metadata: { extraProperties: deep } }).query("select 1");

const all = [];
all.push(all);
publish("b", { type: "table", tags: all }).query("select 1");
