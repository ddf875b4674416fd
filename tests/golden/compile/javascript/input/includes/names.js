module.exports = { all: ["one", "two"], list: cols => cols.join(", ") };
