// People counted since the reading before: a counter that is lower than it was
// belongs to a new unit, which started at zero.
function growth(now, before) {
  return `case when ${now} < ${before} then ${now} else ${now} - ${before} end`;
}

module.exports = {
  growth,
  lines: ["A", "B", "C"],
};
