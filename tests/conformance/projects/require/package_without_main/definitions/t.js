publish("t").query(`select '${require("some-package").x}'`);
