declare({ name: "four" });
