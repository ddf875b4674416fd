const tried = ["fs", "os", "child_process", "http"].map(name => { try { require(name); return name; } catch (e) { return "no " + name; } });
publish("t").query(`select '${tried}'`);
