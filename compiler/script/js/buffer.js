/*
 * Node's Buffer on a Uint8Array. The encodings are C's: codec.decode(text,
 * encoding) gives an array of bytes, codec.encode(bytes, encoding) gives text.
 * Run by the engine when a project first says Buffer.
 * https://nodejs.org/api/buffer.html
 */
(codec => {
"use strict";

class Bytes extends Uint8Array {}

const wide = ["utf16le", "utf-16le", "ucs2", "ucs-2"];
const is_wide = encoding => wide.includes(String(encoding).toLowerCase());

const bytes_of = (text, encoding) => {
	if (!is_wide(encoding))
		return new Bytes(codec.decode(text, encoding));
	const out = new Bytes(text.length * 2);
	for (let i = 0; i < text.length; i++) {
		out[2 * i] = text.charCodeAt(i) & 255;
		out[2 * i + 1] = text.charCodeAt(i) >> 8;
	}
	return out;
};

const text_of = (bytes, encoding) => {
	if (!is_wide(encoding))
		return codec.encode(bytes, encoding);
	let text = "";
	for (let i = 0; i + 1 < bytes.length; i += 2)
		text += String.fromCharCode(bytes[i] | bytes[i + 1] << 8);
	return text;
};

function Buffer(value, encoding, length) {
	return typeof value === "number" ? Buffer.alloc(value) :
		Buffer.from(value, encoding, length);
}
Buffer.prototype = Bytes.prototype;
Object.setPrototypeOf(Buffer, Uint8Array);
Object.defineProperty(Bytes.prototype, "constructor",
	{value: Buffer, writable: true, configurable: true});
Object.defineProperty(Buffer, Symbol.species, {get: () => Bytes});

const needs = (what, value) => {
	throw new TypeError(`${what} must be a string, a Buffer or a list of ` +
		`bytes, not ${value === null ? "null" : typeof value}`);
};

const hidden = (object, members) => {
	for (const key of Object.keys(members))
		Object.defineProperty(object, key, {value: members[key],
			writable: true, configurable: true});
};

const compare = (a, b) => {
	for (let i = 0; i < a.length && i < b.length; i++)
		if (a[i] !== b[i])
			return a[i] < b[i] ? -1 : 1;
	return Math.sign(a.length - b.length);
};

hidden(Buffer, {
	from: (value, encoding, length) => {
		if (typeof value === "string")
			return bytes_of(value, encoding);
		if (value === null || typeof value !== "object")
			return needs("what Buffer.from() is given", value);
		if (value instanceof ArrayBuffer)
			return new Bytes(value, encoding, length);
		if (value.type === "Buffer" && Array.isArray(value.data))
			return new Bytes(value.data);
		return typeof value.length === "number" ?
			Bytes.from(value) : needs("this", value);
	},
	alloc: (n, fill, encoding) => fill === undefined ? new Bytes(n) :
		new Bytes(n).fill(fill, encoding),
	allocUnsafe: n => new Bytes(n),
	allocUnsafeSlow: n => new Bytes(n),
	concat: (list, total) => {
		const n = total === undefined ?
			list.reduce((sum, b) => sum + b.length, 0) : total;
		const out = new Bytes(n);
		let at = 0;
		for (const b of list) {
			const part = b.subarray(0, Math.max(n - at, 0));
			out.set(part, at);
			at += part.length;
		}
		return out;
	},
	isBuffer: value => value instanceof Bytes,
	isEncoding: name => is_wide(name) || codec.isEncoding(String(name)),
	byteLength: (value, encoding) => typeof value === "string" ?
		bytes_of(value, encoding).length : value.byteLength,
	compare,
});

/* fill(x, encoding), fill(x, start, encoding) and fill(x, start, end,
 * encoding) are all allowed. */
const fill = (bytes, value, start, end, encoding) => {
	if (typeof start === "string")
		[encoding, start, end] = [start, 0, undefined];
	else if (typeof end === "string")
		[encoding, end] = [end, undefined];
	if (typeof value === "number")
		return Uint8Array.prototype.fill.call(bytes, value, start, end);
	const pattern = Buffer.from(value, encoding);
	const stop = end === undefined ? bytes.length : end;
	for (let i = start || 0, k = 0; i < stop; i++, k++)
		bytes[i] = pattern.length ? pattern[k % pattern.length] : 0;
	return bytes;
};

const find = (bytes, value, from, encoding) => {
	if (typeof value === "number")
		return Uint8Array.prototype.indexOf.call(bytes, value & 255, from);
	const part = Buffer.from(value, encoding);
	let i = from || 0;
	if (i < 0)
		i = Math.max(bytes.length + i, 0);
	for (; i + part.length <= bytes.length; i++)
		if (part.every((b, k) => bytes[i + k] === b))
			return i;
	return -1;
};

hidden(Bytes.prototype, {
	toString(encoding, start, end) {
		return text_of(start === undefined && end === undefined ? this :
			this.subarray(Math.max(start || 0, 0), end), encoding);
	},
	toLocaleString(encoding, start, end) {
		return this.toString(encoding, start, end);
	},
	toJSON() {
		return {type: "Buffer", data: Array.from(this)};
	},
	equals(other) {
		return compare(this, other) === 0;
	},
	compare(other) {
		return compare(this, other);
	},
	slice(start, end) {
		return this.subarray(start, end);
	},
	indexOf(value, from, encoding) {
		return find(this, value, from, encoding);
	},
	includes(value, from, encoding) {
		return find(this, value, from, encoding) >= 0;
	},
	fill(value, start, end, encoding) {
		return fill(this, value, start, end, encoding);
	},
	write(text, at, length, encoding) {
		if (typeof at === "string")
			[encoding, at, length] = [at, 0, undefined];
		const bytes = bytes_of(String(text), encoding);
		const room = this.length - (at || 0);
		const part = bytes.subarray(0, Math.min(room,
			length === undefined ? room : length));
		this.set(part, at || 0);
		return part.length;
	},
	copy(target, at = 0, start = 0, end = this.length) {
		const part = this.subarray(start,
			Math.min(end, start + target.length - at));
		target.set(part, at);
		return part.length;
	},
});

/* readUInt16LE() and its like are DataView's getUint16(). */
const view = b => new DataView(b.buffer, b.byteOffset, b.byteLength);
const number_methods = (name, type, size, little) => {
	hidden(Bytes.prototype, {
		["read" + name](at = 0) {
			return view(this)["get" + type](at, little);
		},
		["write" + name](value, at = 0) {
			view(this)["set" + type](at, value, little);
			return at + size;
		},
	});
};
for (const [name, size] of [["Int16", 2], ["Int32", 4], ["Uint16", 2],
	["Uint32", 4], ["BigInt64", 8], ["BigUint64", 8], ["Float32", 4],
	["Float64", 8]]) {
	const ours = {Float32: "Float", Float64: "Double",
		BigUint64: "BigUInt64"}[name] || name.replace("Uint", "UInt");
	number_methods(ours + "LE", name, size, true);
	number_methods(ours + "BE", name, size, false);
}
number_methods("Int8", "Int8", 1);
number_methods("UInt8", "Uint8", 1);

return Buffer;
})
