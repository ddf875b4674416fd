operate("a").queries([]);
operate("b").queries(["", "x", null]);
