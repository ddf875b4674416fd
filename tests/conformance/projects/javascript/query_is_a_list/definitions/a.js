publish("a").query(["select 1"]);
publish("b").query(ctx => ["select 1"]);
assert("c").query(["select 1"]);
