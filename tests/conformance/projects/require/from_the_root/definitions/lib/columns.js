module.exports = ["a", "b"];
