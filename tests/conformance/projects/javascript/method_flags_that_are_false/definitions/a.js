operate("a", "select 1").disabled(false).hasOutput(false);
operate("b", { disabled: false, hasOutput: false }).queries("select 1");
publish("c", { type: "view", materialized: true }).materialized(false);
assert("d", "select 1").disabled(false);
