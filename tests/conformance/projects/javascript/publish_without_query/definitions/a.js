publish("a");
publish("b", { type: "table" });
