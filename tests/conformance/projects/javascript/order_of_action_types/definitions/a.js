operate("o", "select 1");
assert("x", "select 1");
declare({ name: "d" });
publish("v").query("select 1");
publish("i", { type: "incremental" }).query("select 1");
publish("t", { type: "table" }).query("select 1");
