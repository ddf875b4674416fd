test("twice").dataset("orders").expect("SELECT 1 AS id");
test("twice").dataset("orders").expect("SELECT 1 AS id");
test("inc").dataset("orders").expect("SELECT 1 AS id");
test().dataset("orders");
