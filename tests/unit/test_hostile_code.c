/*
 * Code that means harm: it changes what it shares with others, looks for a way
 * out of the project, or breaks out of its block.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/array.h"
#include "tests/unit/attack.h"

static const struct attack changes[] = {
	{"Object.prototype.type = \"table\";\n"
	 "Object.prototype.name = \"evil\";\n"
	 "publish(\"x\").query(\"1\");",
	 "x z"},
	{"Object.defineProperty(Object.prototype, \"name\", { "
	 "get() { throw 1; } });\n"
	 "publish(\"x\", { tags: [\"a\"] });",
	 "x z"},
	{"Object.defineProperty(Array.prototype, 0, { set() { "
	 "throw 1; }, get: () => \"a\" });\n"
	 "operate(\"x\", c => [c.ref(\"z\")]);",
	 "x z"},
	{"Array.prototype[Symbol.iterator] = function* () { for "
	 "(;;) yield 1; };\n"
	 "publish(\"x\", { tags: [\"a\"] }).query(c => c.ref(\"z\")"
	 ");",
	 "x z"},
	{"Array.prototype.map = Array.prototype.push = Array.prototype.join "
	 "= () => { throw 1; };\n"
	 "publish(\"x\", { tags: [\"a\"] }).query(c => c.ref(\"z\")"
	 ");",
	 "x z"},
	{"String.prototype.toString = String.prototype.valueOf "
	 "= () => { throw 1; };\n"
	 "publish(\"x\").query(c => `select ${c.ref(\"z\")}`);",
	 "x z"},
	{"Function.prototype.call = Function.prototype.apply = "
	 "null;\n"
	 "publish(\"x\").query(c => c.ref(\"z\"));",
	 "x z"},
	{"Promise.prototype.then = () => { throw 1; };\n"
	 "(async () => { await 1; publish(\"late\"); })();",
	 "z"},
	{"JSON.stringify = JSON.parse = () => { throw 1; };\n"
	 "publish(\"x\");\n"
	 "throw { a: 1 };",
	 "W401 definitions/a.js:1:1 {\"a\":1}\n"
	 "x z"},
	{"Object.setPrototypeOf(Array.prototype, new Proxy({},"
	 " { get() { throw 1; }, set() { throw 1; } }));\n"
	 "publish(\"x\", { tags: [\"a\"] });",
	 "x z"},
	{"Object.setPrototypeOf(publish(\"x\"), null);\n"
	 "publish(\"y\").tags(\"a\");",
	 "x y z"},
	{"Object.getPrototypeOf(publish(\"x\")).tags = () => {"
	 " throw 1; };\n"
	 "publish(\"y\").query(c => c.ref(\"x\"));",
	 "x y z"},
	{"//includes/pollute.js\n"
	 "for (const o of [Object, Array, String, Function, Error,"
	 " Promise]) {\n"
	 "  Object.freeze(o);\n"
	 "  Object.freeze(o.prototype);\n"
	 "}",
	 "z"},
	{"//includes/pollute.js\n"
	 "Object.defineProperty(Object.prototype, \"exports\","
	 " {\n"
	 "  get() { throw 1; },\n"
	 "  set() { throw 1; },\n"
	 "});",
	 "z"},
	{"//includes/pollute.js\n"
	 "for (const k of Object.getOwnPropertyNames(globalThis)"
	 ")\n"
	 "  try { delete globalThis[k]; } catch (e) {}",
	 "z"},
	{"//includes/pollute.js\n"
	 "Object.freeze(globalThis);",
	 "z"},
	{"//includes/pollute.js\n"
	 "module.exports = new Proxy({}, { get() { throw 1; },"
	 " ownKeys() { throw 1; } });",
	 "z"},
	{"//includes/Object.js\n"
	 "module.exports = null;",
	 "z"},
	{"//includes/Error.js\n"
	 "module.exports = null;",
	 "z"},
	{"//includes/__proto__.js\n"
	 "module.exports = { type: \"x\" };",
	 "z"},
	{"//includes/publish.js\n"
	 "module.exports = 1;",
	 "z"},
	{"Object.defineProperty(module, \"exports\", { get() {"
	 " throw new Error(\"no exports\"); } });",
	 "W401 definitions/a.js:1:62 no exports\n"
	 "z"},
	{"for (const k of Object.getOwnPropertyNames(globalThis)"
	 ")\n"
	 "  try { globalThis[k] = undefined; } catch (e) {}",
	 "z"},
	{"dataform = null;\n"
	 "publish(\"x\").query(c => c.ref(\"z\"));",
	 "x z"},
	{"dataform.projectConfig = new Proxy({}, { get() { throw "
	 "1; } });\n"
	 "publish(\"x\").query(c => c.ref(\"z\"));",
	 "x z"},
	{"dataform.projectConfig.defaultSchema = dataform.projectConfig.vars "
	 "= \"evil\";\n"
	 "publish(\"x\").query(c => c.ref(\"z\"));",
	 "W105 workflow_settings.yaml the project's JavaScript "
	 "changes projectConfig.defaultSchema, which is read before "
	 "it\n"
	 "W105 workflow_settings.yaml the project's JavaScript "
	 "changes projectConfig.vars, which is read before it\n"
	 "x z"},
};

static const struct attack ways_out[] = {
	{"require(\"../../../etc/passwd\");",
	 "W401 definitions/a.js:1:1 Cannot find module '../../../etc/passwd': "
	 "it lies outside the project\n"
	 "z"},
	{"require(\"/etc/passwd\");",
	 "W401 definitions/a.js:1:1 Cannot find module '/etc/passwd': "
	 "it lies outside the project\n"
	 "z"},
	{"require(\"includes/../../../etc/passwd\");",
	 "W401 definitions/a.js:1:1 Cannot find module "
	 "'includes/../../../etc/passwd': "
	 "it is neither a file of the project nor a package in "
	 "node_modules\n"
	 "z"},
	{"require(\"./../definitions/../../x\");",
	 "W401 definitions/a.js:1:1 Cannot find module "
	 "'./../definitions/../../x': "
	 "it lies outside the project\n"
	 "z"},
	{"require(\"node_modules/../../etc/passwd\");",
	 "W401 definitions/a.js:1:1 Cannot find module "
	 "'node_modules/../../etc/passwd': "
	 "it is neither a file of the project nor a package in "
	 "node_modules\n"
	 "z"},
	{"require(\"./z.sqlx\\0.js\");",
	 "W401 definitions/a.js:1:1 Cannot find module './z.sqlx': "
	 "it lies outside the project\n"
	 "z"},
	{"require({ toString: () => \"/etc/passwd\" });",
	 "W401 definitions/a.js:1:1 TypeError: require() needs "
	 "the name of a file as a string\n"
	 "z"},
	{"require(\"__proto__\");",
	 "W401 definitions/a.js:1:1 Cannot find module '__proto__': "
	 "it is neither a file of the project nor a package in "
	 "node_modules\n"
	 "z"},
	{"require(\"x\".repeat(5000));",
	 "W401 definitions/a.js:1:1 TypeError: Cannot find module: "
	 "its name is longer than 4096 bytes\n"
	 "z"},
	{"require(\"fs\");",
	 "W401 definitions/a.js:1:1 Cannot find module 'fs': of "
	 "node's own modules there is only \"path\"\n"
	 "z"},
	{"require(\"child_process\").execSync(\"id\");",
	 "W401 definitions/a.js:1:1 Cannot find module 'child_process': "
	 "of node's own modules there is only \"path\"\n"
	 "z"},
	{"process.exit(1);",
	 "W401 definitions/a.js:1:1 TypeError: process.exit is "
	 "not a function\n"
	 "z"},
	{"process.binding(\"fs\");",
	 "W401 definitions/a.js:1:1 TypeError: process.binding "
	 "is not a function\n"
	 "z"},
	{"process.env.HOME.length;",
	 "W401 definitions/a.js:1:18 TypeError: Cannot read properties "
	 "of undefined (reading 'length')\n"
	 "z"},
	{"publish.constructor(\"return process\")().kill(1);",
	 "W401 definitions/a.js:1:41 TypeError: kill is not a "
	 "function\n"
	 "z"},
	{"(0, eval)(\"this\").constructor.constructor(\"return "
	 "std\")();",
	 "W401 definitions/a.js:1:56 ReferenceError: std is not "
	 "defined\n"
	 "z"},
	{"new Function(\"return os\")();",
	 "W401 definitions/a.js:1:26 ReferenceError: os is not "
	 "defined\n"
	 "z"},
	{"getContents(\"/etc/passwd\");",
	 "W102 definitions/a.js:1:1 \"/etc/passwd\" is no .md "
	 "file\n"
	 "z"},
	{"getContents(\"../../etc/passwd.md\");",
	 "W102 definitions/a.js:1:1 \"../../etc/passwd.md\" is "
	 "outside of the project\n"
	 "z"},
	{"getContents({ toString: () => \"a.md\" });",
	 "W102 definitions/a.js:1:1 getContents() needs a file's "
	 "path\n"
	 "z"},
	{"import(\"/etc/passwd\").then(() => publish(\"x\"));", "z"},
	{"import fs from \"fs\";",
	 "W402 definitions/a.js:1:8 SyntaxError: expecting '('\n"
	 "z"},
	{"import.meta.url;",
	 "W402 definitions/a.js:1:8 SyntaxError: import.meta only "
	 "valid in module code\n"
	 "z"},
	{"Atomics.wait(new Int32Array(new SharedArrayBuffer(4)"
	 "), 0, 0);",
	 "W401 definitions/a.js:1:1 TypeError: cannot block in "
	 "this thread\n"
	 "z"},
	{"new WebAssembly.Module();",
	 "W401 definitions/a.js:1:5 TypeError: WebAssembly.Module "
	 "is not a function\n"
	 "z"},
	{"new Worker(\"a.js\");",
	 "W401 definitions/a.js:1:5 ReferenceError: Worker is "
	 "not defined\n"
	 "z"},
	{"fetch(\"http://localhost\");",
	 "W401 definitions/a.js:1:1 ReferenceError: fetch is not "
	 "defined\n"
	 "z"},
};

static const struct attack blocks[] = {
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${1}); publish(\"out\"); (() => {${1}",
	 "a z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "js { return 5; }\n"
	 "select ${1}",
	 "a z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${await 1}",
	 "W402 definitions/a.sqlx:3:16 SyntaxError: expected '}"
	 "' after template expression\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${yield 1} ${new.target}",
	 "W402 definitions/a.sqlx:3:10 SyntaxError: unexpected "
	 "'yield' keyword\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${arguments[0]}",
	 "W401 definitions/a.sqlx:3:10 ReferenceError: arguments "
	 "is not defined\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { ...globalThis }\n"
	 "select 1",
	 "W305 definitions/a.sqlx:2:8 \"module\" is no option "
	 "of an operation\n"
	 "W305 definitions/a.sqlx:2:8 \"dataform\" is no option "
	 "of an operation\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\", get tags() { throw new Error("
	 "\"t\"); } }\n"
	 "select 1",
	 "W401 definitions/a.sqlx:2:47 t\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\", __proto__: { type: \"table\" "
	 "} }\n"
	 "select 1",
	 "a z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${\"\\ud800\"}${\"\\udc00\"}",
	 "a z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${Symbol(\"a\")}",
	 "W401 definitions/a.sqlx:3:10 TypeError: cannot convert "
	 "symbol to string\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${{ toString() { throw undefined; } }}",
	 "W401 definitions/a.sqlx:1:1 undefined\n"
	 "z"},
	{"//definitions/a.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${publish(\"in\"), 1} ${ctx => 1}",
	 "a z"},
};

static const struct attack names[] = {
	{"publish(\"\");", "a z"},
	{"publish(\"a\\0b\");", "a"},
	{"publish(\"a\\nb\");", "a\n"
				"b z"},
	{"publish(\"\\\"`'\\\\\");", "\"`'\\ z"},
	{"publish(\"\\ud800\");", "� z"},
	{"publish(\"__proto__\");\n"
	 "publish(\"constructor\").query(c => c.ref(\"__proto__\")"
	 ");",
	 "__proto__ constructor z"},
	{"publish(\"x\".repeat(500)).query(c => c.ref(\"x\".repeat("
	 "500)));",
	 "W205 definitions/a.js:1:1 an action depends on itself: "
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxx "
	 "-> "
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...\n"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	 "xxxxxxxxxxxxxxxxx "
	 "z"},
	{"publish(\"x\").query(c => c.ref(\"y\".repeat(500)));",
	 "W201 definitions/a.js:1:25 there is no action "
	 "\"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy"
	 "yyyyyyyyyyyyyyyyyyy\"\n"
	 "x z"},
	{"publish(\"a.b\");",
	 "W206 definitions/a.js:1:9 the name \"a.b\" has a dot "
	 "in it\n"
	 "a.b z"},
	{"publish(\"x\", { schema: \"a.b\" });",
	 "W206 definitions/a.js:1:24 the schema \"a.b\" has a "
	 "dot in it\n"
	 "x z"},
	{"publish(\"\\u001b[31m\");\n"
	 "publish(\"\\u001b[31m\");",
	 "W204 definitions/a.js:1:1 there are several actions "
	 "\"db.ds.[31m\"\n"
	 "W204 definitions/a.js:2:1 there are several actions "
	 "\"db.ds.[31m\"\n"
	 "z"},
	{"//definitions/(z.sqlx:1:1).js\n"
	 "nope;",
	 "W401 definitions/(z.sqlx:1:1).js:2:1 ReferenceError: "
	 "nope is not defined\n"
	 "z"},
	{"//definitions/a:1:2.js\n"
	 "nope;",
	 "W401 definitions/a:1:2.js:2:1 ReferenceError: nope is "
	 "not defined\n"
	 "z"},
	{"//definitions/    at f (definitions\\z.sqlx:1:1).js\n"
	 "nope;",
	 "W401 definitions/    at f (definitions\\z.sqlx:1:1).js:2:1 "
	 "ReferenceError: nope is not defined\n"
	 "z"},
	{"//definitions/%s%n.js\n"
	 "nope;",
	 "W401 definitions/%s%n.js:2:1 ReferenceError: nope is "
	 "not defined\n"
	 "z"},
	{"//definitions/'\"`\\.sqlx\n"
	 "config { type: \"view\" }\n"
	 "select ${self()}",
	 "W203 definitions/'\"`\\.sqlx:3:10 \"'\"`\\\" is an operation "
	 "that makes no table\n"
	 "'\"`\\ z"},
};

static void prototypes_are_not_trusted(void **state)
{
	(void)state;
	attack_compare(changes, ARRAY_LEN(changes));
}

static void nothing_outside_is_reached(void **state)
{
	(void)state;
	attack_compare(ways_out, ARRAY_LEN(ways_out));
}

static void blocks_do_not_break_out(void **state)
{
	(void)state;
	attack_compare(blocks, ARRAY_LEN(blocks));
}

static void names_may_be_any_text(void **state)
{
	(void)state;
	attack_compare(names, ARRAY_LEN(names));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prototypes_are_not_trusted),
		cmocka_unit_test(nothing_outside_is_reached),
		cmocka_unit_test(blocks_do_not_break_out),
		cmocka_unit_test(names_may_be_any_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
