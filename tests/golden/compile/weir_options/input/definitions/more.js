publish("daily", { type: "table", weir: { audit: true } }).query("SELECT 1 AS id");
operate("sweep").queries("DELETE FROM a");
assert("checked").query("SELECT 1 AS id");
