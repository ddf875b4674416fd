notebook({ name: "none", filename: "none.ipynb" });
