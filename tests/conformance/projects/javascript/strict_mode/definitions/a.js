leaked = 5;
