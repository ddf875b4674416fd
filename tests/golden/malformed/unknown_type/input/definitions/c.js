publish("c", { type: "materialized" });
