publish("a", { type: "table", get description() { throw new Error("never"); } }).query("select 1");
publish("b").query("select 1");
