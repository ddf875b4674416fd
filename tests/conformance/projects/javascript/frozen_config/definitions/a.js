const config = Object.freeze({ type: "table", tags: Object.freeze(["x"]), labels: Object.freeze({ a: "b" }) });
publish("a", config).query("select 1");
