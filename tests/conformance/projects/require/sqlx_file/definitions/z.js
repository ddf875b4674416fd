require("./t.sqlx");
