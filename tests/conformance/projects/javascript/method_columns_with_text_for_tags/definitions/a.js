publish("a").query("select 1").columns([{ path: ["id"], tags: "pii" }]);
