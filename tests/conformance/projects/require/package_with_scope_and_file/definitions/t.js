publish("t").query(`select '${require("@team/tools").x}', '${require("@team/tools/more/extra").x}'`);
