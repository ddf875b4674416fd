notebook({ name: "list", filename: "list.ipynb" });
