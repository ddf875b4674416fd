const columns = { id: "the key" };

publish("a", {
  type: "table",
  columns,
  bigquery: { partitonBy: "date(ts)" },
}).query("select 1");
