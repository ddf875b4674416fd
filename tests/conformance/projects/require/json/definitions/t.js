publish("t").query(`select '${JSON.stringify(require("./columns.json"))}'`);
