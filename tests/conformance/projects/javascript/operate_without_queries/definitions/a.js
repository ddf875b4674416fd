operate("a");
