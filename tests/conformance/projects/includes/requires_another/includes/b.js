const a = require("includes/a");
const again = require("./a.js");
module.exports = { y: a.x, same: a === again };
