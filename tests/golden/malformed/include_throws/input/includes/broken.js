const limits = require("includes/limits");

module.exports = { max: limits.highest.value };
