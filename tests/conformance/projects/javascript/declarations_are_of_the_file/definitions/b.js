publish("b").query(`select '${typeof x} ${typeof f} ${typeof C}'`);
