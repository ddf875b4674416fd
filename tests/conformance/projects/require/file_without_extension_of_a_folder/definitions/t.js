publish("t").query(`select '${require("includes/lib").x}'`);
