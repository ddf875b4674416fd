notebook({ name: "nothing" });
