publish("a", { type: "table" }).protected();
