operate("a", { hasOutput: true, schema: "s", tags: ["t"], hermetic: true }).queries("create table x");
