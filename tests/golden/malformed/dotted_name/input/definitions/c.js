publish("sales.c");
