test("t").dataset({ schema: "s" }).expect("select 1");
test("u").dataset(5).expect("select 1");
