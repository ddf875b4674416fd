publish("a", { name: "b", filename: "made_up.js" }).query("select 1");
