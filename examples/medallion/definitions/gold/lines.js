// A view for each line, so that its operators see theirs alone.
counters.lines.forEach((line) => {
  publish(`line_${line.toLowerCase()}`, {
    type: "view",
    schema: "gold",
    tags: ["gold"],
    description: `Daily figures of line ${line}.`,
  }).query(
    (ctx) => `select * from ${ctx.ref("daily_stations")} where line = '${line}'`
  );
});
