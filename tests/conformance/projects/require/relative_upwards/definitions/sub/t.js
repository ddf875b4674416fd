publish("t").query(`select '${require("../../includes/deep/one").x}'`);
