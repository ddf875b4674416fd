module.exports = { y: a.x };
