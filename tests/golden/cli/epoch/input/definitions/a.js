publish("now").query(`select '${new Date().toISOString()}'`);
