publish("a").query("select 1");
test("t", { dataset: "a", tags: ["x"] }).expect("select 1");
test("u").config({ dataset: "a" }).expect("select 1");
