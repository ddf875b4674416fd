jitData("text", "x");
jitData("number", 1.5);
jitData("nested", { a: [1, null, true, { b: "c" }], e: {}, f: [] });
