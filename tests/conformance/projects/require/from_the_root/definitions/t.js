publish("t").query(`select ${require("definitions/lib/columns.js")}`);
