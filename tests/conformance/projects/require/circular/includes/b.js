const a = require("./a");
exports.seen = JSON.stringify(a);
