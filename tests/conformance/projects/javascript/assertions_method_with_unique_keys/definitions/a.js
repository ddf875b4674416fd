publish("a").query("select 1").assertions({ uniqueKeys: [{ uniqueKey: ["x"] }, { uniqueKey: ["y"] }] });
