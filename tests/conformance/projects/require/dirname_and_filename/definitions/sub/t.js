publish("t").query(`select '${__filename.split("/").slice(-3).join("/")}', '${__dirname.split("/").slice(-2).join("/")}'`);
