const x = 1; function f() { return 2; } class C {}
publish("a").query(`select ${x + f()}`);
