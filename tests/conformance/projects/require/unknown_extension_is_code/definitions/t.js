publish("t").query(`select '${require("./helper.txt")}'`);
