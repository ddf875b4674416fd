publish("a").query("select 1").columns([null]);
