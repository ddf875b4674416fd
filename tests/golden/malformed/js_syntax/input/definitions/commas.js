publish("c", { tags: ["a"],, });
