jitData("k", () => 1);
