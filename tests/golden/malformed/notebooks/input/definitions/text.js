notebook({ name: "text", filename: "text.ipynb" });
