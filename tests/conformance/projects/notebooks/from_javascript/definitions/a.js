notebook({ name: "n", filename: "book.ipynb", tags: ["x"] });
