publish("a").query(`select '${JSON.stringify(dataform.projectConfig)}'`);
