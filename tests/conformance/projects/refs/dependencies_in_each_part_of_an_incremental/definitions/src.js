["b", "c", "d", "e", "f"].forEach(name => publish(name).query("select 1"));
