declare();
