publish("t", { description: require("./text.md").contents }).query("select 1");
