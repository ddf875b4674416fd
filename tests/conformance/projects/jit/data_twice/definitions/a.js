jitData("k", 1);
jitData("k", 2);
