const d = new Date(Date.UTC(2024, 1, 29, 12, 30));
publish("a").query(`select '${d.toISOString()}', '${d.toJSON()}', ${d.getTime()}, ${d.getUTCDay()}, '${new Date("2020-02-30T00:00:00Z").getTime()}', '${Date.parse("2020-01-01")}'`);
