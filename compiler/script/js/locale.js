/*
 * Intl and what toLocaleString() and localeCompare() give, in American English.
 * Dates come from js/dates.js, whose answer is the argument. Run by the engine
 * when a project first touches one of them.
 */
(dates => {
"use strict";

const {english, format_date, format_parts, locale_of, moment, shown_fields,
	text_of, unknown, zone_of} = dates;

/* Numbers. The digits are those of String(n), rounded half away from zero. */
const digits_of = n => {
	const [mantissa, exponent] = n.toExponential().split("e");
	return {digits: mantissa.replace(".", ""), point: Number(exponent) + 1};
};

const round = (d, places) => {
	let keep = d.point + places;
	if (keep >= d.digits.length)
		return d;
	if (keep < 0)
		return {digits: "0", point: 1};
	const up = d.digits[keep] >= "5";
	let head = "0" + d.digits.slice(0, keep);
	if (up)
		head = String(BigInt(head) + 1n).padStart(head.length, "0");
	return head[0] === "0" ?
		{digits: head.slice(1) || "0",
			point: keep ? d.point : 1} :
		{digits: head, point: d.point + 1};
};

const split_digits = d => {
	const point = d.point;
	const whole = point > 0 ?
		d.digits.slice(0, point).padEnd(point, "0") : "0";
	const rest = point >= 0 ? d.digits.slice(point) :
		"0".repeat(-point) + d.digits;
	return [whole.replace(/^0+(?=.)/, ""), rest.replace(/0+$/, "")];
};

const group = (text, separator) =>
	text.replace(/\B(?=(\d{3})+$)/g, separator);

const signs = {USD: "$", EUR: "\u20ac", GBP: "\u00a3", JPY: "\u00a5",
	INR: "\u20b9", CAD: "CA$", AUD: "A$", BRL: "R$", MXN: "MX$",
	KRW: "\u20a9", CNY: "CN\u00a5"};

const number_options = ["localeMatcher", "style", "currency", "useGrouping",
	"minimumIntegerDigits", "minimumFractionDigits",
	"maximumFractionDigits", "maximumSignificantDigits", "currencyDisplay",
	"numberingSystem", "currencySign"];

const digits_option = (o, key, low, high, fallback) => {
	if (o[key] === undefined)
		return fallback;
	const n = Math.floor(Number(o[key]));
	if (!(n >= low && n <= high))
		throw new RangeError(`${key} value is out of range.`);
	return n;
};

const fraction_range = (o, low, high) => {
	if (o.maximumSignificantDigits !== undefined)
		return [0, 0];
	const min = digits_option(o, "minimumFractionDigits", 0, 100);
	const max = digits_option(o, "maximumFractionDigits", 0, 100);
	if (min !== undefined && max !== undefined && min > max)
		throw new RangeError(
			"maximumFractionDigits value is out of range.");
	if (min !== undefined)
		return [min, max === undefined ? Math.max(high, min) : max];
	return max === undefined ? [low, high] : [Math.min(low, max), max];
};

const number_rules = (name, options) => {
	const o = options === undefined ? {} : Object(options);
	const locale = locale_of(name);
	for (const key in o)
		if (o[key] !== undefined && !number_options.includes(key))
			unknown("the option", key);
	if (!english.includes(locale) && locale !== "de-DE")
		unknown("numbers in the locale", locale);
	const style = o.style === undefined ? "decimal" : String(o.style);
	if (!["decimal", "percent", "currency"].includes(style))
		unknown("the style", style);
	if (style === "currency" && o.currency === undefined)
		throw new TypeError("Currency code is required with currency " +
			"style.");
	if (locale !== "en-US" && style !== "decimal")
		unknown(`numbers of the style "${style}" in the locale`, locale);
	const currency = o.currency && String(o.currency).toUpperCase();
	const cents = currency === "JPY" || currency === "KRW" ? 0 : 2;
	const range = style === "currency" ? fraction_range(o, cents, cents) :
		fraction_range(o, 0, style === "percent" ? 0 : 3);
	return {locale, style, currency, range,
		grouping: o.useGrouping !== false && o.useGrouping !== "false",
		integers: digits_option(o, "minimumIntegerDigits", 1, 21, 1),
		significant: digits_option(o, "maximumSignificantDigits", 1, 21)};
};

const magnitude_text = (n, rules) => {
	if (n === Infinity)
		return "\u221e";
	let d = typeof n === "bigint" ?
		{digits: String(n), point: String(n).length} : digits_of(n);
	let [min, max] = rules.range;
	if (rules.style === "percent" && (d.digits !== "0"))
		d = {digits: d.digits, point: d.point + 2};
	if (rules.significant !== undefined) {
		min = 0;
		d = round(d, rules.significant - d.point);
	} else {
		d = round(d, max);
	}
	let [whole, rest] = split_digits(d);
	const comma = rules.locale === "de-DE" ? [".", ","] : [",", "."];
	whole = whole.padStart(rules.integers, "0");
	if (rules.grouping)
		whole = group(whole, comma[0]);
	rest = rest.padEnd(min, "0");
	return rest ? whole + comma[1] + rest : whole;
};

const format_number = (value, rules) => {
	const n = typeof value === "bigint" ? value : Number(value);
	const minus = n < 0 || Object.is(n, -0) ? "-" : "";
	const text = Number.isNaN(n) ? "NaN" :
		magnitude_text(minus ? -n : n, rules);
	if (rules.style === "percent")
		return minus + text + "%";
	if (rules.style !== "currency")
		return minus + text;
	const sign = signs[rules.currency] || rules.currency +
		(/^\d/.test(text) ? "\u00a0" : "");
	return minus + sign + text;
};

/* The order of text: first letters and digits without their marks, then the
 * marks, then lower case before upper. */
const order = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";

const weight = c => {
	const i = order.indexOf(c);
	if (i >= 0)
		return i + 10;
	if (c < " ")
		return c.charCodeAt(0) % 10;
	return 1000 + c.codePointAt(0);
};

const is_mark = c => c >= "\u0300" && c <= "\u036f";

const keys_of = (text, numeric) => {
	const first = [], marks = [], cases = [];
	for (const c of text.normalize("NFD")) {
		if (is_mark(c)) {
			marks[marks.length - 1] += c;
			continue;
		}
		const lower = c.toLowerCase();
		const last = first.length - 1;
		if (numeric && c >= "0" && c <= "9" && last >= 0 &&
		    typeof first[last] === "string") {
			first[last] += c;
			continue;
		}
		first.push(numeric && c >= "0" && c <= "9" ? c : weight(lower));
		marks.push("");
		cases.push(c === lower ? 0 : 1);
	}
	return {first, marks, cases};
};

const rank = v => typeof v === "string" ? [weight("0"), BigInt(v)] : [v, 0n];

const compare_lists = (a, b, ranks) => {
	for (let i = 0; i < a.length && i < b.length; i++) {
		if (a[i] === b[i])
			continue;
		if (!ranks)
			return a[i] < b[i] ? -1 : 1;
		const [x, m] = rank(a[i]), [y, n] = rank(b[i]);
		if (x !== y)
			return x < y ? -1 : 1;
		if (m !== n)
			return m < n ? -1 : 1;
	}
	return Math.sign(a.length - b.length);
};

const compare = (a, b, name, options) => {
	const o = options === undefined ? {} : Object(options);
	const locale = locale_of(name);
	if (a === b)
		return 0;
	if (locale === "sv-SE" || locale === "lt-LT" || locale === "es-ES")
		unknown("the order of text in the locale", locale);
	const x = keys_of(a, o.numeric), y = keys_of(b, o.numeric);
	const sensitivity = o.sensitivity === undefined ? "variant" :
		String(o.sensitivity);
	let result = compare_lists(x.first, y.first, true);
	if (!result && ["accent", "variant"].includes(sensitivity))
		result = compare_lists(x.marks, y.marks);
	if (!result && ["case", "variant"].includes(sensitivity))
		result = compare_lists(x.cases, y.cases);
	if (!result || o.caseFirst !== "upper")
		return result;
	return compare_lists(x.first, y.first, true) || -result;
};

/* Constructors that work without new, as old ones of Intl do. */
class Format {
	resolvedOptions() {
		return {...this.options};
	}
	static supportedLocalesOf(names) {
		return [].concat(names === undefined ? [] : names).filter(n => {
			try {
				return locale_of(n);
			} catch (e) {
				return false;
			}
		});
	}
}

const define = (name, object, kind) => {
	Object.defineProperty(object, kind || name,
		{value: name, configurable: true});
};

const maker = (name, init, methods) => {
	const type = function (locales, options) {
		const self = new.target ? this : Object.create(type.prototype);
		init(self, locales, options === undefined ? {} : Object(options));
		return self;
	};
	type.prototype = Object.create(Format.prototype, {constructor:
		{value: type, writable: true, configurable: true}});
	Object.setPrototypeOf(type, Format);
	define(name, type, "name");
	define("Intl." + name, type.prototype, Symbol.toStringTag);
	Object.assign(type.prototype, methods);
	return type;
};

const hide = (self, values) => {
	for (const key of Object.keys(values))
		Object.defineProperty(self, key, {value: values[key]});
};

const DateTimeFormat = maker("DateTimeFormat", (self, names, o) => {
	const parts = date => format_parts(moment(date), names, o, "any", "date");
	parts(0);
	hide(self, {formatToParts: parts, format: date => text_of(parts(date)),
		options: {locale: locale_of(names), calendar: "gregory",
			numberingSystem: "latn",
			timeZone: zone_of(o.timeZone).name,
			...shown_fields(o, "any", "date")}});
}, {});

const NumberFormat = maker("NumberFormat", (self, names, o) => {
	const rules = number_rules(names, o);
	hide(self, {format: n => format_number(n, rules), options: {
		locale: rules.locale, numberingSystem: "latn",
		style: rules.style, currency: rules.currency,
		minimumFractionDigits: rules.range[0],
		maximumFractionDigits: rules.range[1]}});
}, {});

const Collator = maker("Collator", (self, names, o) => {
	const locale = locale_of(names);
	hide(self, {compare: (a, b) => compare(String(a), String(b), names, o),
		options: {locale, usage: "sort",
			sensitivity: o.sensitivity || "variant",
			numeric: Boolean(o.numeric)}});
}, {});

const ordinal = n => {
	const tens = n % 100;
	if (tens >= 11 && tens <= 13)
		return "other";
	return ["other", "one", "two", "few"][n % 10] || "other";
};

const PluralRules = maker("PluralRules", (self, names, o) => {
	const locale = locale_of(names);
	if (!english.includes(locale))
		unknown("the plural rules of the locale", locale);
	hide(self, {select: n => o.type === "ordinal" ?
		ordinal(Math.abs(n)) : Math.abs(n) === 1 ? "one" : "other",
	options: {locale, type: o.type || "cardinal"}});
}, {});

const ListFormat = maker("ListFormat", (self, names, o) => {
	const locale = locale_of(names);
	const word = o.type === "disjunction" ? "or" : "and";
	if (locale !== "en-US" || o.type === "unit" ||
	    (o.style !== undefined && o.style !== "long"))
		unknown("a list of the style", o.style || o.type || locale);
	hide(self, {format: list => {
		const all = [...list];
		const last = all.pop();
		if (all.length < 2)
			return all.length ? `${all[0]} ${word} ${last}` :
				last === undefined ? "" : last;
		return `${all.join(", ")}, ${word} ${last}`;
	}, options: {locale, type: o.type || "conjunction", style: "long"}});
}, {});

const Intl = {};
for (const type of [DateTimeFormat, NumberFormat, Collator, PluralRules,
	ListFormat])
	Object.defineProperty(Intl, type.name,
		{value: type, writable: true, configurable: true});
Object.defineProperty(Intl, "getCanonicalLocales", {value: names =>
	[].concat(names === undefined ? [] : names).map(locale_of)});
define("Intl", Intl, Symbol.toStringTag);

return {
	Intl,
	compare: (text, other, names, options) =>
		compare(String(text), String(other), names, options),
	number: (n, names, options) =>
		format_number(n, number_rules(names, options)),
	date: (d, names, options) => format_date(d, names, options, "any", "all"),
	day: (d, names, options) => format_date(d, names, options, "date", "date"),
	time: (d, names, options) =>
		format_date(d, names, options, "time", "time"),
};
})
