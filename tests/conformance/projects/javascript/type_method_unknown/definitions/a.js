publish("a").type("operations");
