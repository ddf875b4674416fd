publish("a", { tags: ["x"] }).type("view").query("select 1");
