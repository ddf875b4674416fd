/* Code without an end: too deep, too long, too large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/array.h"
#include "tests/unit/attack.h"

enum { BRIEF_MS = 100, LONG_MS = 60000 };

static const char *const deep[] = {
	"const f = () => f();\n"
	"f();",
	"const o = { toString: () => \"\" + o };\n"
	"\"\" + o;",
	"const f = () => [2, 1].sort(f);\n"
	"f();",
	"const f = () => \"a\".replace(/a/, f);\n"
	"f();",
	"const o = { toJSON: () => JSON.stringify(o) };\n"
	"JSON.stringify(o);",
	"JSON.parse(\"[\".repeat(100000));",
	"new RegExp(\"(?:\".repeat(50000) + \")\".repeat(50000)"
	");",
	"eval(\"[\".repeat(100000));",
	"eval(\"`${\".repeat(50000));",
	"eval(\"!\".repeat(100000) + \"1\");",
	"eval(\"if(1)\".repeat(100000));",
	"const f = () => publish(\"x\", { get type() { return "
	"f(); } });\n"
	"f();",
	"[].concat(...[1].map(function f(x) { return [x].map("
	"f); }));",
	"let a = [];\n"
	"for (let i = 0; i < 100000; i++) a = [a];\n"
	"a.flat(Infinity);",
	"let a = [];\n"
	"for (let i = 0; i < 100000; i++) a = [a];\n"
	"a.toString();",
};

static const char *const endless[] = {
	"for (;;);",
	"for (;;) try { for (;;); } finally { continue; }",
	"try { for (;;); } catch (e) { publish(\"x\"); } finally "
	"{ for (;;); }",
	"(function* () { try { for (;;); } finally { yield 1;"
	" } })().next();\n"
	"for (;;);",
	"/^(a+)+$/.test(\"a\".repeat(40) + \"!\");",
	"publish(\"x\", { get type() { for (;;); } });",
	"publish(\"x\", { tags: { toString() {}, get length()"
	" { for (;;); } } });",
	"publish(\"x\", { description: new (class extends Date "
	"{ toISOString() { for (;;); } })(0) });",
	"`${{ [Symbol.toPrimitive]() { for (;;); } }}`;",
	"throw { get message() { for (;;); } };",
	"throw new Proxy({}, { get() { for (;;); } });",
	"console.log({ toJSON() { for (;;); } });",
	"for (const x of { [Symbol.iterator]: () => ({ next: "
	"() => ({}) }) });",
	"publish(\"x\").query(() => { for (;;); });",
	"for (;;) try { require(\"./none\"); } catch (e) {}",
	"for (;;) publish(\"x\" + Math.random().toString(36).slice("
	"2)).tags(\"a\");",
	"const x = publish(\"x\");\n"
	"for (;;) try { x.tags(1); } catch (e) {}",
	"//definitions/a.sqlx\n"
	"config { type: (() => { for (;;); })() }\n"
	"select 1",
	"//definitions/a.sqlx\n"
	"select ${(() => { for (;;); })()}",
	"//includes/a.js\n"
	"for (;;);",
};

static const char *const large[] = {
	"\"x\".repeat(1e9 / 4);",
	"\"x\".padEnd(1e9 / 4);",
	"let s = \"x\";\n"
	"for (;;) s = s.concat(s);",
	"Array(1e6).fill(\"x\".repeat(100)).join(\"\");",
	"\"x\".repeat(1e5).replace(/x/g, \"y\".repeat(1e4));",
	"JSON.stringify(Array(1e6).fill(\"y\".repeat(99)));",
	"\"x\".repeat(8e6).split(\"\");",
	"for (const a = [];;) a.push(new ArrayBuffer(1e6));",
	"new Float64Array(1e8);",
	"Array.from({ length: 1e9 });",
	"new Array(4294967295).fill(0);",
	"[...Array(1e8)];",
	"const m = new Map();\n"
	"for (let i = 0;; i++) m.set(i, {});",
	"for (let i = 0;; i++) publish(\"x\" + i, { description: "
	"\"y\".repeat(1e6) + i });",
	"const x = publish(\"x\");\n"
	"for (;;) x.tags(\"y\".repeat(1e6) + Math.random());",
	"publish(\"x\").query(() => \"y\".repeat(1e8));",
	"const f = () => { for (;;) publish(\"x\"); };\n"
	"Object.defineProperty(f, \"name\", { value: \"y\".repeat("
	"1e5) });\n"
	"f();",
};

static void too_deep_is_an_error(void **state)
{
	(void)state;
	attack_stop(deep, ARRAY_LEN(deep), LONG_MS, "W405");
}

static void endless_code_is_stopped(void **state)
{
	(void)state;
	attack_stop(endless, ARRAY_LEN(endless), BRIEF_MS, "W403");
}

static void too_much_memory_is_an_error(void **state)
{
	(void)state;
	attack_stop(large, ARRAY_LEN(large), LONG_MS, "W404");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_deep_is_an_error),
		cmocka_unit_test(endless_code_is_stopped),
		cmocka_unit_test(too_much_memory_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
