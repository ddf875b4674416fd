declare({ schema: "raw", name: "events" });
