const { staging } = require("tools");

module.exports = { staging, days: require("tools/sql/days").query };
