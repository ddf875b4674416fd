const t = publish("a", { tags: ["x"] });
t.type("incremental");
t.query("select 1");
