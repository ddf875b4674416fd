assert("a");
