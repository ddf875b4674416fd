publish("a", []);
operate("b", []);
assert("c", []);
