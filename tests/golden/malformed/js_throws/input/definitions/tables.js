const names = ["a", "b"];

names.forEach(name => {
  publish(name, { type: "table" }).query(`select ${lookup(name).length}`);
});

function lookup(name) {
  return { a: "x" }[name];
}
