assert("known_lines", (ctx) => {
  const lines = counters.lines.map((line) => `'${line}'`).join(", ");
  return `select * from ${ctx.ref("stations")} where line not in (${lines})`;
}).tags(["silver"]);
