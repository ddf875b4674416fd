/*
 * Local dates: American English, and the numeric dates of a few other locales.
 * js/locale.js makes Intl of them. What is not here throws a RangeError: a
 * graph is better refused than other than it was meant. Time zones have the
 * rules of 2007 and later.
 */
(() => {
"use strict";

const months = ["January", "February", "March", "April", "May", "June", "July",
	"August", "September", "October", "November", "December"];
const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
	"Saturday"];

/* Numeric dates: order, separator, and which fields always have two digits. */
const locales = {
	"en-US": {date: "m/d/y", hour12: true, join: ", "},
	"en-GB": {date: "dd/mm/y", join: ", "},
	"en-CA": {date: "y-mm-dd"},
	"de-DE": {date: "d.m.y", join: ", "},
	"es-ES": {date: "d/m/y"},
	"fr-CA": {date: "y-mm-dd"},
	"fr-FR": {date: "dd/mm/y", join: " "},
	"it-IT": {date: "dd/mm/y", join: ", "},
	"lt-LT": {date: "y-mm-dd", join: " "},
	"nl-NL": {date: "d-m-y", join: ", "},
	"pt-BR": {date: "dd/mm/y", join: ", "},
	"sv-SE": {date: "y-mm-dd", join: " "},
};
const short = {en: "en-US", default: "en-US", de: "de-DE", es: "es-ES",
	fr: "fr-FR", it: "it-IT", nl: "nl-NL", pt: "pt-BR", sv: "sv-SE",
	"en-us-u-hc-h12": "en-US", "en-us-posix": "en-US"};
const english = ["en-US", "en-GB", "en-CA"];

const unknown = (what, name) => {
	throw new RangeError(`${what} "${name}" is not available in weir`);
};

const locale_of = wanted => {
	let name = Array.isArray(wanted) ? wanted[0] : wanted;
	if (name === undefined || name === null)
		return "en-US";
	if (typeof name !== "string")
		name = String(name);
	if (!/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/.test(name))
		throw new RangeError("Incorrect locale information provided");
	const lower = name.toLowerCase();
	if (short[lower])
		return short[lower];
	for (const known of Object.keys(locales))
		if (known.toLowerCase() === lower)
			return known;
	return unknown("the locale", name);
};

/* Minutes east of Greenwich, and who puts clocks forward. */
const zones = {};
const zone = (offset, summer, names) => {
	for (const name of names.split(" "))
		zones[name.toLowerCase()] = {name, offset, summer};
};
zone(0, "", "UTC GMT Etc/UTC Etc/GMT Africa/Abidjan Atlantic/Reykjavik");
zone(0, "eu", "Europe/London Europe/Lisbon Europe/Dublin");
zone(60, "eu", "Europe/Paris Europe/Berlin Europe/Madrid Europe/Rome " +
	"Europe/Amsterdam Europe/Brussels Europe/Zurich Europe/Vienna " +
	"Europe/Stockholm Europe/Oslo Europe/Copenhagen Europe/Warsaw " +
	"Europe/Prague Europe/Budapest CET");
zone(60, "", "Africa/Lagos");
zone(120, "eu", "Europe/Athens Europe/Helsinki Europe/Kiev Europe/Kyiv " +
	"Europe/Bucharest Europe/Sofia");
zone(120, "", "Africa/Johannesburg");
zone(180, "", "Europe/Istanbul Europe/Moscow Africa/Nairobi Asia/Riyadh");
zone(240, "", "Asia/Dubai");
zone(330, "", "Asia/Kolkata Asia/Calcutta");
zone(420, "", "Asia/Bangkok Asia/Jakarta Asia/Ho_Chi_Minh");
zone(480, "", "Asia/Singapore Asia/Hong_Kong Asia/Shanghai Asia/Manila " +
	"Asia/Taipei Asia/Kuala_Lumpur Australia/Perth");
zone(540, "", "Asia/Tokyo Asia/Seoul");
zone(600, "", "Australia/Brisbane");
zone(600, "au", "Australia/Sydney Australia/Melbourne");
zone(720, "nz", "Pacific/Auckland");
zone(-180, "", "America/Sao_Paulo America/Argentina/Buenos_Aires " +
	"America/Buenos_Aires");
zone(-300, "", "America/Bogota America/Lima EST");
zone(-300, "us", "America/New_York America/Toronto US/Eastern EST5EDT");
zone(-360, "us", "America/Chicago US/Central CST6CDT");
zone(-360, "", "America/Mexico_City");
zone(-420, "us", "America/Denver US/Mountain MST7MDT");
zone(-420, "", "America/Phoenix");
zone(-480, "us", "America/Los_Angeles America/Vancouver US/Pacific PST8PDT");

/* The n-th Sunday of a month, or the last one, at that hour. */
const sunday = (year, month, n, hour) => {
	const first = new Date(Date.UTC(year, month, 1)).getUTCDay();
	let day = 1 + (7 - first) % 7 + 7 * (n - 1);
	const length = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
	if (n === 0)
		for (day = 1 + (7 - first) % 7; day + 7 <= length;)
			day += 7;
	return Date.UTC(year, month, day, hour);
};

const is_summer = (z, ms) => {
	const local = ms + z.offset * 60000;
	const year = new Date(local).getUTCFullYear();
	if (z.summer === "eu")
		return ms >= sunday(year, 2, 0, 1) && ms < sunday(year, 9, 0, 1);
	if (z.summer === "us")
		return local >= sunday(year, 2, 2, 2) &&
			local < sunday(year, 10, 1, 1);
	if (z.summer === "au")
		return local < sunday(year, 3, 1, 2) ||
			local >= sunday(year, 9, 1, 2);
	if (z.summer === "nz")
		return local < sunday(year, 3, 1, 2) ||
			local >= sunday(year, 8, 0, 2);
	return false;
};

const zone_of = wanted => {
	if (wanted === undefined)
		return zones.utc;
	const z = zones[String(wanted).toLowerCase()];
	return z || unknown("the time zone", wanted);
};

const two = n => String(n).padStart(2, "0");

/* The fields of a moment in a zone. */
const fields_of = (ms, z) => {
	const shift = (z.offset + (is_summer(z, ms) ? 60 : 0)) * 60000;
	const d = new Date(ms + shift);
	return {year: d.getUTCFullYear(), month: d.getUTCMonth(),
		day: d.getUTCDate(), weekday: d.getUTCDay(),
		hour: d.getUTCHours(), minute: d.getUTCMinutes(),
		second: d.getUTCSeconds()};
};

const date_keys = ["weekday", "year", "month", "day"];
const time_keys = ["hour", "minute", "second"];
const date_values = {
	weekday: ["long", "short", "narrow"],
	era: ["short"],
	year: ["numeric", "2-digit"],
	month: ["numeric", "2-digit", "long", "short", "narrow"],
	day: ["numeric", "2-digit"],
	hour: ["numeric", "2-digit"],
	minute: ["numeric", "2-digit"],
	second: ["numeric", "2-digit"],
	dateStyle: ["full", "long", "medium", "short"],
	timeStyle: ["full", "long", "medium", "short"],
	timeZoneName: ["short"],
	hourCycle: ["h12", "h23", "h24"],
};
const passed_over = ["hour12", "timeZone", "localeMatcher", "formatMatcher",
	"calendar", "numberingSystem"];

const check_date_options = o => {
	for (const key in o) {
		if (o[key] === undefined || passed_over.includes(key))
			continue;
		if (!date_values[key])
			unknown("the option", key);
		if (!date_values[key].includes(String(o[key])))
			throw new RangeError(`Value ${o[key]} out of range ` +
				`for Intl.DateTimeFormat options property ${key}`);
	}
};

const styles = {
	date: {
		full: {weekday: "long", year: "numeric", month: "long",
			day: "numeric"},
		long: {year: "numeric", month: "long", day: "numeric"},
		medium: {year: "numeric", month: "short", day: "numeric"},
		short: {year: "2-digit", month: "numeric", day: "numeric"},
	},
	time: {
		full: {hour: "numeric", minute: "2-digit", second: "2-digit",
			timeZoneName: "long"},
		long: {hour: "numeric", minute: "2-digit", second: "2-digit",
			timeZoneName: "short"},
		medium: {hour: "numeric", minute: "2-digit", second: "2-digit"},
		short: {hour: "numeric", minute: "2-digit"},
	},
};

/* What is shown: needs is "date", "time" or "any", and defaults says what is
 * added if nothing of it is asked for. */
const shown_fields = (o, needs, defaults) => {
	if (o.dateStyle !== undefined || o.timeStyle !== undefined) {
		if ([...date_keys, ...time_keys].some(k => o[k] !== undefined) ||
		    (needs === "date" && o.timeStyle !== undefined) ||
		    (needs === "time" && o.dateStyle !== undefined))
			throw new TypeError("Invalid option : dateStyle");
		return {...styles.date[o.dateStyle], ...styles.time[o.timeStyle]};
	}
	const out = {};
	for (const key of ["era", ...date_keys, ...time_keys, "timeZoneName"])
		if (o[key] !== undefined)
			out[key] = String(o[key]);
	const has = keys => keys.some(k => out[k]);
	const enough = (needs !== "time" && has(date_keys)) ||
		(needs !== "date" && has(time_keys));
	if (enough)
		return out;
	if (defaults !== "time")
		out.year = out.month = out.day = "numeric";
	if (defaults !== "date")
		out.hour = out.minute = out.second = "numeric";
	return out;
};

const literal = value => ({type: "literal", value});

const join_parts = (list, separator) => {
	const out = [];
	for (const part of list) {
		if (out.length)
			out.push(literal(separator));
		out.push(part);
	}
	return out;
};

const name_part = (names, style, i) => style === "long" ? names[i] :
	style === "short" ? names[i].slice(0, 3) : names[i][0];

const number_part = (type, n, style) => ({type, value: style === "2-digit" ?
	two(n % 100) : String(n)});

const numeric_date = (f, show, locale) => {
	const all = show.year && show.month && show.day;
	const style = locales[locale].date;
	const separator = style.match(/[^a-z]/)[0];
	const out = [];
	for (const field of style.split(separator)) {
		const key = {y: "year", m: "month", d: "day"}[field[0]];
		const pad = all && field.length === 2 ? "2-digit" : show[key];
		if (show[key])
			out.push(number_part(key, key === "month" ? f.month + 1 :
				f[key], pad));
	}
	if (show.year && show.day && !show.month)
		unknown("a date of", "year and day");
	if (out.length > 1 && !all && locale !== "en-US")
		unknown("a part of a date in the locale", locale);
	return join_parts(out, separator);
};

const is_text = style => style && style !== "numeric" && style !== "2-digit";

const named_date = (f, show, locale) => {
	const month = {type: "month",
		value: name_part(months, show.month, f.month)};
	const day = show.day && number_part("day", f.day, show.day);
	const year = show.year && number_part("year", f.year, show.year);
	if (!english.includes(locale))
		unknown("the name of a month in the locale", locale);
	if (locale === "en-GB")
		return join_parts([day, month, year].filter(p => p), " ");
	const out = day ? [month, literal(" "), day] : [month];
	if (year)
		out.push(literal(day ? ", " : " "), year);
	return out;
};

const era_part = (f, show, locale) => {
	if (f.year < 1 || locale !== "en-US" || !show.year || !show.month ||
	    !show.day || show.weekday)
		unknown("the era of a date in the locale", locale);
	return {type: "era", value: "AD"};
};

const date_parts = (f, show, locale) => {
	const numbers = ["year", "month", "day"].filter(k => show[k]);
	const weekday = show.weekday && {type: "weekday",
		value: name_part(days, show.weekday, f.weekday)};
	if (show.weekday && !english.includes(locale))
		unknown("the name of a day in the locale", locale);
	if (!numbers.length)
		return weekday ? [weekday] : [];
	const date = is_text(show.month) ? named_date(f, show, locale) :
		numeric_date(f, show, locale);
	if (!weekday)
		return date;
	if (locale !== "en-US")
		unknown("a date with a weekday in the locale", locale);
	if (numbers.join() === "day")
		return [...date, literal(" "), weekday];
	if (!show.day)
		unknown("a date of", "weekday and " + numbers.join(" and "));
	return [weekday, literal(", "), ...date];
};

const hour_cycle = (o, locale) => {
	if (o.hour12 !== undefined)
		return o.hour12 ? "h12" : locales[locale].hour12 ? "h24" : "h23";
	if (o.hourCycle !== undefined)
		return o.hourCycle;
	return locales[locale].hour12 ? "h12" : "h23";
};

const time_parts = (f, show, o, locale) => {
	const list = [];
	const cycle = hour_cycle(o, locale);
	const with_hour = Boolean(show.hour);
	if (with_hour) {
		let hour = f.hour;
		if (cycle === "h12")
			hour = hour % 12 || 12;
		if (cycle === "h24" && hour === 0)
			hour = 24;
		list.push({type: "hour", value: cycle !== "h12" ||
			show.hour === "2-digit" ? two(hour) : String(hour)});
	}
	const alone = !with_hour && !(show.minute && show.second);
	for (const key of ["minute", "second"])
		if (show[key])
			list.push({type: key,
				value: alone ? String(f[key]) : two(f[key])});
	const out = join_parts(list, ":");
	if (with_hour && cycle === "h12")
		out.push(literal("\u202f"), {type: "dayPeriod",
			value: f.hour < 12 ? "AM" : "PM"});
	return out;
};

const zone_part = (show, z) => {
	if (z.offset !== 0 || z.summer)
		unknown("the name of the time zone", z.name);
	return {type: "timeZoneName", value: show.timeZoneName === "long" ?
		"Coordinated Universal Time" : "UTC"};
};

const joint = (show, o, locale) => {
	if (show.weekday && !show.year && !show.month && !show.day)
		unknown("a date of", "weekday and time");
	if (locale === "en-US" &&
	    (o.dateStyle === "full" || o.dateStyle === "long" ||
	     (!o.dateStyle && show.month === "long")))
		return " at ";
	return locales[locale].join;
};

const format_parts = (ms, name, o, needs, defaults) => {
	const locale = locale_of(name);
	check_date_options(o);
	const z = zone_of(o.timeZone);
	const show = shown_fields(o, needs, defaults);
	const f = fields_of(ms, z);
	check_locale(show, o, locale);
	let out = date_parts(f, show, locale);
	if (show.era)
		out.push(literal(" "), era_part(f, show, locale));
	const time = time_parts(f, show, o, locale);
	if (out.length && time.length)
		out.push(literal(joint(show, o, locale)));
	out = out.concat(time);
	if (show.timeZoneName) {
		if (out.length)
			out.push(literal(time.length ? " " : ", "));
		out.push(zone_part(show, z));
	}
	return out;
};

/* Of other locales there are whole numeric dates and whole times. */
const check_locale = (show, o, locale) => {
	const count = keys => keys.filter(k => show[k]).length;
	const has_date = count(date_keys), has_time = count(time_keys);
	const plain = !o.dateStyle && !o.timeStyle && !show.timeZoneName &&
		o.hour12 === undefined && o.hourCycle === undefined;
	if (locale === "en-US")
		return;
	const alike = keys => new Set(keys.map(k => show[k])).size === 1;
	if (!plain || (has_date && show.year !== "numeric") ||
	    (has_time && (!show.hour || !alike(time_keys))) ||
	    (!is_text(show.month) && !alike(["month", "day"])) ||
	    (is_text(show.month) && (has_time || show.month !== "long")))
		unknown("this form of a date in the locale", locale);
	if (has_time && !locales[locale].join)
		unknown("the time in the locale", locale);
};

/* A plain space where the parts have a narrow one. */
const text_of = parts =>
	parts.map(p => p.value).join("").replace("\u202f", " ");

const format_date = (date, name, options, needs, defaults) => {
	const ms = Date.prototype.getTime.call(date);
	const o = options === undefined ? {} : Object(options);
	if (Number.isNaN(ms)) {
		locale_of(name);
		return "Invalid Date";
	}
	return text_of(format_parts(ms, name, o, needs, defaults));
};

const moment = date => {
	const ms = date === undefined ? Date.now() : Number(date);
	if (!Number.isFinite(ms))
		throw new RangeError("Invalid time value");
	return ms;
};

return {english, format_date, format_parts, locale_of, moment, shown_fields,
	text_of, unknown, zone_of};
})()
