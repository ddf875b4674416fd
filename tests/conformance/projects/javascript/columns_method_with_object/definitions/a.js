publish("a").query("select 1").columns({ id: "key" });
