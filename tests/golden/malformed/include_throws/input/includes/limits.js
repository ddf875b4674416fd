module.exports = { lowest: { value: 1 } };
