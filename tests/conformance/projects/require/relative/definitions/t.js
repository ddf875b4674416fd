const columns = require("./lib/columns");
publish("t").query(`select ${columns}`);
