const first = require("includes/first");

module.exports = { two: 1 + first.one() };
