const c = dataform.projectConfig;
publish("a").query(`select '${c.defaultDatabase}', '${c.defaultSchema}', '${c.defaultLocation}', '${c.vars.a}', '${c.vars.b}', '${c.schemaSuffix}', '${c.warehouse}', '${c.disableAssertions}'`);
