function all(names) {
  return names.map(n => n.trim()).join(", ");
}

module.exports = { all };
