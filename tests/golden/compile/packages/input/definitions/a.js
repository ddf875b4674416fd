for (const name of ["orders", "users"]) {
  declare({ schema: "raw", name });
  shop.staging(name);
}
require("./z_first.sqlx");
