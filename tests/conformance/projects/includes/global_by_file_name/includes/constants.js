const project = "p1";
module.exports = { project, list: ["a", "b"] };
