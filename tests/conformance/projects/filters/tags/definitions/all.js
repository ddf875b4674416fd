publish("a", { type: "table", tags: ["daily"], assertions: { nonNull: ["x"] } }).query("select 1");
publish("b", { tags: ["weekly"] }).query("select 1");
operate("c", { tags: ["daily", "weekly"] }).queries("select 1");
