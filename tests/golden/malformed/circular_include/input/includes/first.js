const second = require("includes/second");

module.exports = { one: () => 1, two: second.two };
