const core = require("@dataform/core");
publish("t").query(`select '${typeof core.main} ${core.version}'`);
