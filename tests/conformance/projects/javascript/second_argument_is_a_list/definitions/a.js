publish("a", ["select 1"]);
