declare({ name: "a", foo: "x" });
