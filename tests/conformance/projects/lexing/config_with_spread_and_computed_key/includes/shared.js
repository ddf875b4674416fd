module.exports = { base: { tags: ["x"], description: "shared" }, key: "disabled" };
