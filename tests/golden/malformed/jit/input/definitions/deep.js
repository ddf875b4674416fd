jitData("deep", { list: [1, () => 1] });
