/*
 * Values of any kind where a project should say something sensible: what it
 * throws, what it configures, what it calls and when.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/array.h"
#include "tests/unit/attack.h"

static const struct attack thrown[] = {
	{"throw undefined;", "W401 definitions/a.js:1:1 undefined\n"
			     "z"},
	{"throw null;", "W401 definitions/a.js:1:1 null\n"
			"z"},
	{"throw Symbol(\"s\");",
	 "W401 definitions/a.js:1:1 something that has no text "
	 "was thrown\n"
	 "z"},
	{"throw 10n;", "W401 definitions/a.js:1:1 10\n"
		       "z"},
	{"throw \"\";", "W401 definitions/a.js:1:1 an empty value was thrown\n"
			"z"},
	{"throw () => 1;", "W401 definitions/a.js:1:1 () => 1\n"
			   "z"},
	{"const a = {};\n"
	 "a.a = a;\n"
	 "throw a;",
	 "W401 definitions/a.js:1:1 [object Object]\n"
	 "z"},
	{"throw new Proxy({}, { get() { throw 1; } });",
	 "W401 definitions/a.js:1:1 something that has no text "
	 "was thrown\n"
	 "z"},
	{"throw new Proxy(new Error(\"p\"), { get() { throw 1;"
	 " } });",
	 "W401 definitions/a.js:1:1 something that has no text "
	 "was thrown\n"
	 "z"},
	{"const r = Proxy.revocable({}, {});\n"
	 "r.revoke();\n"
	 "throw r.proxy;",
	 "W401 definitions/a.js:1:1 something that has no text "
	 "was thrown\n"
	 "z"},
	{"throw { get message() { throw this; }, toString() { "
	 "throw 1; } };",
	 "W401 definitions/a.js:1:1 something that has no text "
	 "was thrown\n"
	 "z"},
	{"throw { message: { toString() { throw 1; } } };",
	 "W401 definitions/a.js:1:1 {\"message\":{}}\n"
	 "z"},
	{"throw Object.freeze(new Error(\"frozen\"));",
	 "W401 definitions/a.js:1:25 frozen\n"
	 "z"},
	{"throw Object.assign(new Error(\"forged\"), { stack: "
	 "\"    at f (definitions/z.sqlx:1:1)\\n\" });",
	 "W401 definitions/a.js:1:1 forged\n"
	 "z"},
	{"throw Object.assign(new Error(\"forged\"), { stack: "
	 "\"    at f (definitions/z.sqlx:99999999999:0)\" });",
	 "W401 definitions/a.js:1:1 forged\n"
	 "z"},
	{"const e = new Error(\"s\");\n"
	 "Object.defineProperty(e, \"stack\", { get() { throw "
	 "1; } });\n"
	 "throw e;",
	 "W401 definitions/a.js:1:1 s\n"
	 "z"},
	{"Error.prototype.toString = () => { throw 1; };\n"
	 "null.x;",
	 "W401 definitions/a.js:2:6 an error without a message\n"
	 "z"},
	{"Object.defineProperty(Error.prototype, \"message\", "
	 "{ get() { throw 1; } });\n"
	 "null.x;",
	 "W401 definitions/a.js:2:6 TypeError: Cannot read properties "
	 "of null (reading 'x')\n"
	 "z"},
	{"Error.prepareStackTrace = () => { throw 1; };\n"
	 "publish(5);",
	 "W206 definitions/a.js:2:1 an action's name must be text\n"
	 "z"},
	{"globalThis.Error = undefined;\n"
	 "publish(5);",
	 "W206 definitions/a.js:2:1 an action's name must be text\n"
	 "z"},
	{"throw \"\\ud800\";", "W401 definitions/a.js:1:1 �\n"
			       "z"},
	{"throw new Error(\"\\ud800\");", "W401 definitions/a.js:1:11 �\n"
					  "z"},
	{"throw \"\\u20ac\".repeat(70);", "W401 definitions/a.js:1:1 "
					  "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€"
					  "€€€€€€€€€€€€€€€€€€€€€€€€€€€€€€...\n"
					  "z"},
	{"throw new Error(\"x\".repeat(2000)).message.slice(0,"
	 " 3) + \"\\u001b[31m\";",
	 "W401 definitions/a.js:1:1 xxx[31m\n"
	 "z"},
};

static const struct attack configs[] = {
	{"publish(\"x\", new Proxy({ type: \"table\" }, {}));", "x z"},
	{"publish(\"x\", new Proxy({}, { ownKeys() { throw new "
	 "Error(\"keys\"); } }));",
	 "W401 definitions/a.js:1:52 keys\n"
	 "z"},
	{"publish(\"x\", { tags: new Proxy([\"a\"], { get() { "
	 "return 4294967295; } }) });",
	 "W401 definitions/a.js:1:1 TypeError: the value has more "
	 "than 1048576 items\n"
	 "z"},
	{"publish(\"x\", { tags: new Proxy([\"a\"], { get: (t,"
	 " k) => k === \"length\" ? -1 : t }) });",
	 "W401 definitions/a.js:1:1 TypeError: the value has more "
	 "than 1048576 items\n"
	 "z"},
	{"const a = [\"a\"];\n"
	 "publish(\"x\", { tags: new Proxy(a, { get(t, k) { t.push("
	 "\"b\"); return t[k]; } }) });",
	 "x z"},
	{"const r = Proxy.revocable({}, {});\n"
	 "r.revoke();\n"
	 "publish(\"x\", r.proxy);",
	 "W401 definitions/a.js:3:1 TypeError: revoked proxy\n"
	 "z"},
	{"const r = Proxy.revocable([], {});\n"
	 "r.revoke();\n"
	 "publish(\"x\", { tags: r.proxy });",
	 "W401 definitions/a.js:3:1 TypeError: revoked proxy\n"
	 "z"},
	{"let p = {};\n"
	 "for (let i = 0; i < 100000; i++) p = new Proxy(p, {}"
	 ");\n"
	 "publish(\"x\", p);",
	 "W405 definitions/a.js:3:1 JavaScript calls itself too "
	 "deep\n"
	 "z"},
	{"let n = 0;\n"
	 "publish(\"x\", { get type() { return n++ ? \"view\" "
	 ": \"table\"; } });",
	 "x z"},
	{"publish(\"x\", { get type() { throw new Error(\"no type\")"
	 "; } });",
	 "W401 definitions/a.js:1:39 no type\n"
	 "z"},
	{"publish(\"x\", { get type() { publish(\"inner\"); return "
	 "\"table\"; } });",
	 "inner x z"},
	{"publish(\"x\", Object.freeze({ type: \"table\", tags: "
	 "Object.freeze([\"a\"]) }));",
	 "x z"},
	{"publish(new Date(NaN));",
	 "W401 definitions/a.js:1:1 RangeError: Date value is "
	 "NaN\n"
	 "z"},
	{"publish(\"x\", { description: new Date(0) });", "x z"},
	{"Date.prototype.toISOString = function () { return this;"
	 " };\n"
	 "publish(\"x\", { description: new Date(0) });",
	 "x z"},
	{"publish(\"x\", new Map([[\"type\", \"table\"]]));", "x z"},
	{"publish(\"x\", { [Symbol(\"type\")]: 1, type: \"table\" "
	 "});",
	 "x z"},
	{"publish(\"x\", { tags: [Symbol(\"a\")] });",
	 "W306 definitions/a.js:1:16 \"tags\" must hold strings,"
	 " and item 1 is undefined\n"
	 "z"},
	{"publish(\"x\", { bigquery: { partitionExpirationDays: "
	 "10n } });",
	 "W305 definitions/a.js:1:28 \"partitionExpirationDays\" "
	 "is no option of bigquery\n"
	 "z"},
	{"class C { constructor() { this.type = \"table\"; } get "
	 "tags() { throw 1; } }\n"
	 "publish(\"x\", new C());",
	 "x z"},
	{"publish(\"x\", Object.assign(() => \"select 1\", { type: "
	 "\"table\" }));",
	 "x z"},
	{"(function () { publish(\"x\", { tags: arguments }); "
	 "})(\"a\");",
	 "W306 definitions/a.js:1:31 \"tags\" must be a list of "
	 "strings, not an object\n"
	 "z"},
	{"const c = { type: \"table\" };\n"
	 "c.bigquery = c;\n"
	 "publish(\"x\", c);",
	 "W401 definitions/a.js:3:1 TypeError: the value contains "
	 "itself, or is nested deeper than 100 levels\n"
	 "z"},
	{"let d = {};\n"
	 "for (let i = 0; i < 60; i++) d = { a: d, b: d };\n"
	 "publish(\"x\", { bigquery: d });",
	 "W401 definitions/a.js:3:1 TypeError: the value has more "
	 "than 1048576 items\n"
	 "z"},
	{"let d = [];\n"
	 "for (let i = 0; i < 100000; i++) d = [d];\n"
	 "publish(\"x\", { tags: d });",
	 "W401 definitions/a.js:3:1 TypeError: the value contains "
	 "itself, or is nested deeper than 100 levels\n"
	 "z"},
	{"publish(\"x\", { [\"__proto__\"]: { type: \"table\" "
	 "}, constructor: 1 });",
	 "W305 definitions/a.js:1:14 \"__proto__\" is no option "
	 "of a view\n"
	 "W305 definitions/a.js:1:50 \"constructor\" is no option "
	 "of a view\n"
	 "z"},
	{"publish(\"x\", Object.create({ type: \"table\" }));", "x z"},
	{"publish(\"x\", { name: { toString() { throw 1; } } }"
	 ");",
	 "W306 definitions/a.js:1:16 \"name\" must be a string,"
	 " not an object\n"
	 "z"},
	{"publish(\"x\", { tags: new Array(4294967295) });",
	 "W401 definitions/a.js:1:1 TypeError: the value has more "
	 "than 1048576 items\n"
	 "z"},
	{"publish([\"x\"]);",
	 "W206 definitions/a.js:1:1 an action's name must be text\n"
	 "z"},
	{"publish({ toString: () => \"x\" });",
	 "W206 definitions/a.js:1:1 an action's name must be text\n"
	 "z"},
	{"publish(\"x\").query(new Proxy(() => \"select 1\", {"
	 "}));",
	 "x z"},
	{"publish(\"x\").query(new Proxy(() => 1, { apply() { "
	 "throw 1; } }));",
	 "W401 definitions/a.js:1:1 1\n"
	 "z"},
	{"publish(\"x\").query(() => Promise.resolve(\"select "
	 "1\"));",
	 "W406 definitions/a.js:1:1 a query must be text\n"
	 "z"},
	{"publish(\"x\").query(async () => \"select 1\");",
	 "W406 definitions/a.js:1:1 a query must be text\n"
	 "z"},
	{"publish(\"x\").query(function* () { yield \"select 1\";"
	 " });",
	 "W406 definitions/a.js:1:1 a query must be text\n"
	 "z"},
	{"publish(\"x\").query(() => ({ then(f) { f(\"select 1\")"
	 "; } }));",
	 "W406 definitions/a.js:1:1 a query must be text\n"
	 "z"},
	{"publish(\"x\").query(() => new String(\"select 1\"))"
	 ";",
	 "W406 definitions/a.js:1:1 a query must be text\n"
	 "z"},
	{"publish(\"x\").query(() => Symbol(\"a\"));", "x z"},
};

static const struct attack calls[] = {
	{"publish(\"x\").tags.call({}, \"a\");",
	 "W401 definitions/a.js:1:14 TypeError: tags() is a method "
	 "of View\n"
	 "x z"},
	{"publish(\"x\").tags.call(operate(\"o\"), \"a\");",
	 "W401 definitions/a.js:1:14 TypeError: tags() is a method "
	 "of View\n"
	 "x o z"},
	{"publish(\"x\").tags.call(new Proxy(publish(\"y\"), {"
	 "}), \"a\");",
	 "W401 definitions/a.js:1:14 TypeError: tags() is a method "
	 "of View\n"
	 "x y z"},
	{"dataform.publish.call(null, \"x\");",
	 "W401 definitions/a.js:1:1 TypeError: publish() is a "
	 "method of Session\n"
	 "z"},
	{"let c;\n"
	 "publish(\"x\").query(ctx => { c = ctx; return \"1\";"
	 " });\n"
	 "assert(\"y\").query(() => c.ref(\"z\") + c.self());",
	 "x y z"},
	{"publish(\"x\").query(ctx => ctx.ref.call(undefined, "
	 "\"z\"));",
	 "W401 definitions/a.js:1:27 TypeError: ref() is a method "
	 "of Context\n"
	 "z"},
	{"publish(\"x\").query(() => { publish(\"in\"); declare("
	 "{ name: \"d\" }); return \"1\"; });",
	 "x z d"},
	{"let n = 0;\n"
	 "const f = () => { if (n++ < 9) operate(\"o\" + n, f)"
	 "; return \"1\"; };\n"
	 "operate(\"o\", f);",
	 "o z o1 o2 o3 o4 o5 o6 o7 o8 o9"},
	{"publish(\"x\").query(function q(c) { return q(c); })"
	 ";",
	 "W405 definitions/a.js:1:36 JavaScript calls itself too "
	 "deep\n"
	 "z"},
	{"const x = publish(\"x\");\n"
	 "for (let i = 0; i < 1000; i++) x.type(i % 2 ? \"table\" "
	 ": \"view\");",
	 "x z"},
	{"setTimeout(() => publish(\"late\"));\n"
	 "Promise.resolve().then(() => publish(\"late\"));",
	 "z"},
	{"Promise.reject(new Error(\"nobody looks\"));", "z"},
	{"try { publish(\"x\", { nonsense: 1 }); } catch (e) {"
	 "}\n"
	 "publish(\"y\");",
	 "W305 definitions/a.js:1:22 \"nonsense\" is no option "
	 "of a view\n"
	 "y z"},
	{"publish(\"x\").query(c => c.ref(c.ref));",
	 "W208 definitions/a.js:1:25 ref() needs the name of an "
	 "action\n"
	 "x z"},
	{"publish(\"x\").query(c => c.ref({ get name() { throw "
	 "new Error(\"n\"); } }));",
	 "W401 definitions/a.js:1:56 n\n"
	 "z"},
	{"publish(\"x\").query(c => c.resolve([\"a\", [\"b\"]])"
	 ");",
	 "W208 definitions/a.js:1:25 ref() takes a list of one "
	 "to three texts\n"
	 "z"},
};

static void what_is_thrown_gets_a_message(void **state)
{
	(void)state;
	attack_compare(thrown, ARRAY_LEN(thrown));
}

static void configs_may_be_any_object(void **state)
{
	(void)state;
	attack_compare(configs, ARRAY_LEN(configs));
}

static void objects_are_used_out_of_turn(void **state)
{
	(void)state;
	attack_compare(calls, ARRAY_LEN(calls));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_thrown_gets_a_message),
		cmocka_unit_test(configs_may_be_any_object),
		cmocka_unit_test(objects_are_used_out_of_turn),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
