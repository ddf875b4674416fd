publish("a").query(ctx => 5);
