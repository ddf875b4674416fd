jitData("limits", 1);
publish("orders", "SELECT 1").jitCode(() => "SELECT 2");
publish("pre").preOps("SELECT 1").jitCode(() => "SELECT 2");
operate("op", "SELECT 1").jitCode(() => "SELECT 2");
assert("check", "SELECT 1").jitCode(() => "SELECT 2");
publish("fine").jitCode(() => "SELECT 2");
test("t").dataset("fine").expect("SELECT 2");
jitData("limits", 2);
