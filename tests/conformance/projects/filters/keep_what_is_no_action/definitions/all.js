declare({ name: "src" });
publish("b").query("select 1");
publish("c").query("select 1");
assert("d", "select 1");
