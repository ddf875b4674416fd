jitData("limits", { days: [1, 2.5], region: null, more: {}, open: true });
jitData("none");
// Keys that are array indexes are printed first.
for (const key of [10, "2", "02", 4294967294, 4294967295, -1, 0])
  jitData(key, { b: 1, 7: true });

publish("orders", { type: "table", description: "all of them", reservation: "r" })
  .jitCode(async (jctx) => {
    // this text is kept as it stands: "é", ${1}
    return `SELECT * FROM ${jctx.ref("raw")} WHERE days < ${jctx.data.limits.days[0]}`;
  })
  .dependencies("raw");
publish("view", { preOperations: [] }).jitCode("async (jctx) => 'SELECT 1'");
publish("inc", { type: "incremental", uniqueKey: ["id"] }).jitCode(async function made (jctx) { return { query: "SELECT 1 AS id" }; });
operate("op", { hasOutput: true }).jitCode(() => ["SELECT 1", "SELECT 2"]);
assert("check").jitCode(() => "SELECT 1 WHERE false");
publish("raw", "SELECT 1 AS days").jitCode(null);
