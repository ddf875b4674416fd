declare({ schema: "raw", name: "events", lables: { team: "x" } });
