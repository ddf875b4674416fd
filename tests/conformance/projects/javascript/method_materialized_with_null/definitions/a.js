publish("a", { type: "view" }).materialized(null);
