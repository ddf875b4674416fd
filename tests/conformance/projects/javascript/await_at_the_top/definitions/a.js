await publish("a");
