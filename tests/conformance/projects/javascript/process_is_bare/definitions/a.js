publish("a").query(`select '${JSON.stringify(process.env)}', '${typeof process.version}', '${typeof process.exit}', '${typeof process.cwd}'`);
