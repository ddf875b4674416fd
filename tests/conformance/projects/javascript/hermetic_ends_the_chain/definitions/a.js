publish("a", { type: "table" }).hermetic(true).query("select 1");
