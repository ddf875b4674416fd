module.exports.make = name => publish(name, { type: "table" }).query("select 1");
