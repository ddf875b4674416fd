publish("a", { type: "view" }).materialized(true).query("select 1");
