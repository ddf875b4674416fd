const path = require("path");
publish("t").query(`select '${path.join("a", "..", "b", "c.js")}', '${path.basename("x/y.sql", ".sql")}', '${path.extname("a.b.c")}', '${path.dirname("a/b/c")}'`);
