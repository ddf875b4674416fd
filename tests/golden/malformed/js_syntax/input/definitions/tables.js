publish("a", { type: "table" })
  .query("select 1";
