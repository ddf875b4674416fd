["x", "y"].forEach(suffix => {
  publish("twice", { type: "table" }).query(`select '${suffix}'`);
});
publish("other").query("select 1");
publish("other", { tags: ["a"] }).query("select 2");
