publish("a").query("select 1").assertions({ uniqueKeys: [["x"], ["y"]] });
