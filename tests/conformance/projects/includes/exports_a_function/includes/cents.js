module.exports = column => `cast(${column} as numeric) / 100`;
