declare({ name: "orders" });
publish("cities", "SELECT 'Vienna' AS city");

test("no inputs").dataset("cities").expect("SELECT 'Vienna' AS city");
test("from JavaScript")
  .config({ tags: ["unit"] })
  .dataset({ schema: "sales", name: "totals" })
  .input("orders", (ctx) => `SELECT ${[1, 2].length} AS amount`)
  .input(["sales", "cities"], "SELECT 'Graz' AS city")
  .expect("SELECT 2 AS total, 'Graz' AS city");
