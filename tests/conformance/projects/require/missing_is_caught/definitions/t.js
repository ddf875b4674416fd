let found = true;
try { require("./nothing"); } catch (e) { found = false; }
publish("t").query(`select ${found}`);
