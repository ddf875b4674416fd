publish("a").query(ctx => {});
