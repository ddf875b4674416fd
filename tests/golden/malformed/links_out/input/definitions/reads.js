for (const [read, path] of [
  [require, "./secret.json"],
  [require, "./folder/secret"],
  [require, "data/secret.json"],
  [require, "up/outside/secret.json"],
  [require, "package/secret"],
  [require, "package"],
  [getContents, "notes.md"],
  [getContents, "../data/notes.md"],
])
  try {
    console.log("read", read(path));
  } catch (e) {
    console.log(e.message);
  }
