operate("a", { type: "operations" }).queries("select 1");
