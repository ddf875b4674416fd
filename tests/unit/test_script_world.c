/* What a project finds beside JavaScript: Buffer, process, Intl and local
 * texts. The answers are those of node 20. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "base/arena.h"
#include "tests/unit/project.h"

struct probe {
	const char *code, *want;
};

static void check(const struct probe *p)
{
	struct script_error err;
	struct project project;
	struct str text;

	project_open(&project, NULL, &project_limits);
	text = arena_printf(project.arena,
			    "const D = new Date(Date.UTC(2024, 0, 5, 13, 4, 5))"
			    ";\nlet got; try { got = String(%s) } catch (e) "
			    "{ got = e.name + ': ' + e.message }\n"
			    "if (got !== `%s`) throw got",
			    p->code, p->want);
	if (!script_run_file(
		    project.script,
		    project_source(&project, "definitions/t.js", text.p), &err))
		fail_msg("%s: got %.*s, not %s", p->code, STR_ARG(err.message),
			 p->want);
	project_close(&project);
}

static void buffers_are_as_in_node(void **state)
{
	static const struct probe probes[] = {
		{"Buffer.from('abc').toString('base64')", "YWJj"},
		{"Buffer.from('YWJj', 'base64')", "abc"},
		{"Buffer.from('__8=', 'base64').toString('hex')", "ffff"},
		{"Buffer.from('\\u00ff').toString('latin1')",
		 "\xc3\x83\xc2\xbf"},
		{"Buffer.from([1, 2, 255]).toString('hex')", "0102ff"},
		{"Buffer.from('ab', 'utf16le').toString('hex')", "61006200"},
		{"Buffer.from('ab', 'ucs2').toString('utf16le')", "ab"},
		{"Buffer.from('abcdef').toString('utf8', 1, 3)", "bc"},
		{"Buffer.alloc(3, 1).toString('hex')", "010101"},
		{"Buffer.alloc(5, 'ab')", "ababa"},
		{"Buffer.concat([Buffer.from('a'), Buffer.from('bc')])", "abc"},
		{"Buffer.concat([Buffer.from('a'), Buffer.from('bc')], 2)",
		 "ab"},
		{"Buffer.isBuffer(Buffer.from('a').slice(0))", "true"},
		{"Buffer.isBuffer(new Uint8Array(1))", "false"},
		{"Buffer.byteLength('h\\u00e9')", "3"},
		{"Buffer.compare(Buffer.from('a'), Buffer.from('b'))", "-1"},
		{"Buffer.isEncoding('UTF-8') + ' ' + Buffer.isEncoding('x')",
		 "true false"},
		{"JSON.stringify(Buffer.from('ab'))",
		 "{\"type\":\"Buffer\",\"data\":[97,98]}"},
		{"Buffer.from('abcabc').indexOf('ca')", "2"},
		{"Buffer.from('abc').includes('x')", "false"},
		{"Buffer.from([1, 2, 3, 4]).readUInt32BE(0)", "16909060"},
		{"Buffer.from('abc').map(x => x + 1)", "bcd"},
		{"new Buffer('abc')", "abc"},
		{"Buffer.from('a', 'x')",
		 "TypeError: there is no encoding \"x\""},
		{"Buffer.from(5)", "TypeError: what Buffer.from() is given "
				   "must be a string, a Buffer or a list of "
				   "bytes, not number"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		check(&probes[i]);
}

static void there_is_as_much_of_node_as_makes_sense(void **state)
{
	static const struct probe probes[] = {
		{"process.version + process.versions.node", "v20.20.220.20.2"},
		{"JSON.stringify(process.env) + process.argv.length", "{}0"},
		{"typeof process.exit", "undefined"},
		{"process.cwd()", "/project"},
		{"process.hrtime(process.hrtime())", "0,0"},
		{"process.on('exit', () => 1) === process", "true"},
		{"(process.env.X = 1, process.env.X)", "1"},
		{"(globalThis.process = 5, process)", "5"},
		{"typeof WebAssembly", "object"},
		{"root === global && GLOBAL === globalThis", "true"},
		{"typeof setTimeout(() => 1)", "object"},
		{"setTimeout(5)",
		 "TypeError: \"callback\" argument must be a function"},
		{"typeof InternalError", "undefined"},
		{"(o => (Error.captureStackTrace(o), typeof o.stack))({})",
		 "string"},
		{"Error.stackTraceLimit", "10"},
		{"require('path').format({dir: 'a', name: 'b', ext: '.c'})",
		 "a/b.c"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		check(&probes[i]);
}

static void local_dates_are_american_and_in_utc(void **state)
{
	static const struct probe probes[] = {
		{"D.toLocaleString()", "1/5/2024, 1:04:05 PM"},
		{"D.toLocaleDateString()", "1/5/2024"},
		{"D.toLocaleTimeString()", "1:04:05 PM"},
		{"D.toLocaleDateString('en-US', {month: 'long'})", "January"},
		{"D.toLocaleString('default', {month: 'short'})", "Jan"},
		{"D.toLocaleDateString('en-US', {weekday: 'long', year: "
		 "'numeric', month: 'long', day: 'numeric'})",
		 "Friday, January 5, 2024"},
		{"D.toLocaleDateString('en-US', {year: 'numeric', month: "
		 "'2-digit', day: '2-digit'})",
		 "01/05/2024"},
		{"D.toLocaleDateString('en-CA')", "2024-01-05"},
		{"D.toLocaleString('sv-SE')", "2024-01-05 13:04:05"},
		{"D.toLocaleDateString('de-DE')", "5.1.2024"},
		{"D.toLocaleString('en-GB')", "05/01/2024, 13:04:05"},
		{"D.toLocaleTimeString('en-US', {hour12: false})", "13:04:05"},
		{"D.toLocaleString('en-US', {timeZone: 'America/New_York'})",
		 "1/5/2024, 8:04:05 AM"},
		{"new Date(Date.UTC(2024, 6, 1, 22)).toLocaleString('en-US', "
		 "{timeZone: 'Europe/Paris'})",
		 "7/2/2024, 12:00:00 AM"},
		{"D.toLocaleString('en-US', {dateStyle: 'long', timeStyle: "
		 "'short'})",
		 "January 5, 2024 at 1:04 PM"},
		{"new Date(NaN).toLocaleDateString()", "Invalid Date"},
		{"D.toLocaleString('en-US', {year: 'numeric', month: "
		 "'2-digit', day: '2-digit', era: 'short'})",
		 "01/05/2024 AD"},
		{"new Intl.DateTimeFormat('en-US').format(D)", "1/5/2024"},
		{"Intl.DateTimeFormat().resolvedOptions().timeZone", "UTC"},
		{"new Intl.DateTimeFormat('en-US', {year: 'numeric', month: "
		 "'2-digit'}).formatToParts(D).map(p => p.value).join('|')",
		 "01|/|2024"},
		{"D", "Fri Jan 05 2024 13:04:05 GMT+0000 (Coordinated "
		      "Universal Time)"},
		{"D.toLocaleDateString('xx-YY')",
		 "RangeError: the locale \"xx-YY\" is not available in weir"},
		{"D.toLocaleDateString('de-DE', {month: 'long'})",
		 "RangeError: this form of a date in the locale \"de-DE\" is "
		 "not available in weir"},
		{"D.toLocaleString('en-US', {timeZone: 'Asia/Kabul'})",
		 "RangeError: the time zone \"Asia/Kabul\" is not available "
		 "in weir"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		check(&probes[i]);
}

static void local_numbers_and_order_are_american(void **state)
{
	static const struct probe probes[] = {
		{"(1234567.891).toLocaleString()", "1,234,567.891"},
		{"(-1234.5678).toLocaleString()", "-1,234.568"},
		{"(1.005).toLocaleString('en-US', {maximumFractionDigits: 2})",
		 "1.01"},
		{"(999.9995).toLocaleString()", "1,000"},
		{"(1e21).toLocaleString()", "1,000,000,000,000,000,000,000"},
		{"(5).toLocaleString('en-US', {minimumIntegerDigits: 2, "
		 "useGrouping: false})",
		 "05"},
		{"(1234.5).toLocaleString('en-US', {style: 'currency', "
		 "currency: 'USD'})",
		 "$1,234.50"},
		{"(0.256).toLocaleString('en-US', {style: 'percent'})", "26%"},
		{"(1234.5).toLocaleString('de-DE')", "1.234,5"},
		{"123456789012n.toLocaleString()", "123,456,789,012"},
		{"new Intl.NumberFormat().format(1e6)", "1,000,000"},
		{"['b', 'a', 'C', 'A', '\\u00e4', '_', '1'].sort("
		 "(a, b) => a.localeCompare(b))",
		 "_,1,a,A,\xc3\xa4,b,C"},
		{"['b10', 'b9'].sort((a, b) => a.localeCompare(b, 'en', "
		 "{numeric: true}))",
		 "b9,b10"},
		{"'a'.localeCompare('A', 'en', {sensitivity: 'base'})", "0"},
		{"['b', 'a'].sort(new Intl.Collator().compare)", "a,b"},
		{"new Intl.PluralRules('en').select(1)", "one"},
		{"new Intl.ListFormat('en').format(['a', 'b', 'c'])",
		 "a, b, and c"},
		{"Intl.NumberFormat.supportedLocalesOf(['en', 'xx'])", "en"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		check(&probes[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(buffers_are_as_in_node),
		cmocka_unit_test(there_is_as_much_of_node_as_makes_sense),
		cmocka_unit_test(local_dates_are_american_and_in_utc),
		cmocka_unit_test(local_numbers_and_order_are_american),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
