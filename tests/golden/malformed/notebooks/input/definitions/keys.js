notebook({ filename: "object.ipynb", schema: "x", type: "notebook", tags: "daily" });
