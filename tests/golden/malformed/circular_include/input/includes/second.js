const first = require("includes/first");

module.exports = { one: () => 1, two: first.two };
