publish("a").query(`select ${counter.next()}, ${require("includes/counter").next()}`);
