publish("a").query(`select ${eval("1 + 1")}, ${new Function("x", "return x * 2")(4)}`);
