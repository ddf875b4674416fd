publish("plain", { type: "table" }).query("SELECT 1 AS id");
publish("made", { type: "table" }).jitCode(async (jctx) => `SELECT 2 AS id FROM ${jctx.ref("plain")}`).dependencies("plain");
operate("op").jitCode(() => "SELECT 1");
