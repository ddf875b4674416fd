const text = "a".repeat(40) + "!";

publish("x").query(`select ${/^(a+)+$/.test(text)}`);
