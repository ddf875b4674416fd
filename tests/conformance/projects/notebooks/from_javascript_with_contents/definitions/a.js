notebook({ name: "n", filename: "book.ipynb", disabled: true, location: "loc", project: "p" }).ipynb({ cells: [{ cell_type: "code", outputs: [1], metadata: { a: 1 } }] });
