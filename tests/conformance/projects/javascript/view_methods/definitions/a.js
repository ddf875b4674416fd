const v = publish("a", { type: "view" }).query("select 1").tags("x");
v.materialized(true);
v.hermetic(true);
