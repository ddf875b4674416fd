const read = name => require(`includes/${name}.yaml`).asJson;
publish("a").query(`select "${read("none")} ${read("empty")} ${Object.is(read("zero").a, -0)}"`);
