const second = require("includes/second");

module.exports = { two: 1 + second.one() };
