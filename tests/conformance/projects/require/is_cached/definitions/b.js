publish("b").query(`select ${require("../includes/counter.js").next()}`);
