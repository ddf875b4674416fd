module.exports.make = name => publish(name).query("select 1");
