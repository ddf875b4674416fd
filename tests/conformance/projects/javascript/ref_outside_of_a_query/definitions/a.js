publish("a").query(`select * from ${ref("b")}`);
