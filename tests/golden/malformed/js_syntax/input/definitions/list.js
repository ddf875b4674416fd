publish("d", { tags: ["a" "b"] });
