module.exports = { x: };
