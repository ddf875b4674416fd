dataform.publish("a", { type: "table" }).query("select 1");
dataform.operate("b", "select 1");
dataform.assert("c", "select 1");
dataform.declare({ name: "d" });
