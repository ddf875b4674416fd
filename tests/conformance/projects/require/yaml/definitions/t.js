publish("t").query(`select '${JSON.stringify(require("./columns.yaml").asJson)}'`);
