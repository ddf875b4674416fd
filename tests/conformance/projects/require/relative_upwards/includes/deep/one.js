exports.x = require("../two").y;
