publish("t").query(require("./query.sql").query);
