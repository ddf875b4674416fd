declare({ schema: "raw", name: "orders" })
  .description("what was ordered")
  .columns([{ path: ["id"], description: "the key" }, { path: ["deep", "er"], tags: ["t"] }]);
declare({ database: "other", schema: "raw", name: "users", tags: ["x", "x"], description: "d", columns: { id: "the key", address: { description: "where", columns: { zip: { tags: "pii", bigqueryPolicyTags: "p" } } } } });
