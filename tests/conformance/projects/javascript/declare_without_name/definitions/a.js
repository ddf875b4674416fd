declare({ schema: "raw" });
