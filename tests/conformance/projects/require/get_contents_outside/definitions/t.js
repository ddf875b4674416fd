publish("t", { description: getContents("../../x.md") }).query("select 1");
