const wrap = x => `coalesce(${x}, 0)`;
module.exports = { wrap, list: ["a", "b"], get config() { return dataform.projectConfig.vars.env; } };
