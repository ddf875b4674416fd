publish("a").query(null);
publish("b").query("");
publish("c").query(ctx => "");
