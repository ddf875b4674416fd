module.exports = { name: dataform.projectConfig.vars.env };
