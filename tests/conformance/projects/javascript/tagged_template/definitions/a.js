const raw = String.raw`a\nb${1}`;
const tag = (s, ...v) => s.raw.join("|") + v.join("+");
publish("a").query(`select '${raw}', '${tag`x${1}y${2}z`}'`);
