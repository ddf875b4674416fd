module.exports = { y: () => a.x + 1 };
