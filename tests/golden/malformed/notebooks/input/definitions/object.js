notebook({ name: "object", filename: "object.ipynb" });
