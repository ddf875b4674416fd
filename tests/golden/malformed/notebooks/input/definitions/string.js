notebook("object.ipynb");
