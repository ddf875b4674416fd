// Paths do not depend on how the project's folder was named.
const path = require("path");
const root = path.dirname(__dirname);

publish("paths").query([
  require(__dirname + "/util").name,
  require(path.resolve("definitions/util")).name,
  __dirname.startsWith("/"),
  __filename === __dirname + "/a.js",
  path.basename(root),
  path.resolve("y") === root + "/y",
  dataform.rootDir === root,
].join());
