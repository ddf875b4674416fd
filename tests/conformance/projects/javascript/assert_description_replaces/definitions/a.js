assert("a", { metadata: { overview: "o" }, reservation: "r" }).query("select 1").description("d");
