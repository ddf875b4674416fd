/*
 * require("path"), the one module of node that projects may use: the functions
 * on POSIX paths that depend on nothing outside.
 */
(root => {
"use strict";

const check = p => {
	if (typeof p !== 'string')
		throw new TypeError('a path must be a string');
	return p;
};
const isAbsolute = p => check(p).startsWith('/');
const normalize = p => {
	const absolute = isAbsolute(p), out = [];
	for (const name of p.split('/')) {
		if (name === '' || name === '.')
			continue;
		if (name !== '..')
			out.push(name);
		else if (out.length && out[out.length - 1] !== '..')
			out.pop();
		else if (!absolute)
			out.push('..');
	}
	let text = out.join('/');
	if (text && p.endsWith('/'))
		text += '/';
	return absolute ? '/' + text : text || '.';
};
const strip = p => p.replace(/(.)\/+$/, '$1');
const join = (...parts) =>
	normalize(parts.filter(p => check(p) !== '').join('/'));
const resolve = (...parts) => {
	let p = '';
	for (const part of [...parts].reverse())
		if (!p.startsWith('/') && check(part) !== '')
			p = p ? part + '/' + p : part;
	if (!p.startsWith('/'))
		p = root + '/' + p;
	return strip(normalize(p));
};
const basename = (p, ending = '') => {
	if (p === ending)
		return '';
	const base = strip(check(p)).replace(/^.*\//s, '');
	return ending && base !== ending && base.endsWith(ending) ?
		base.slice(0, -ending.length) : base;
};
const dirname = p => {
	const stripped = strip(check(p));
	const slash = stripped.lastIndexOf('/');
	if (slash < 0)
		return '.';
	return stripped.slice(0, slash) || '/';
};
const extname = p => {
	const base = basename(p), dot = base.lastIndexOf('.');
	return dot > 0 && base !== '..' ? base.slice(dot) : '';
};
const relative = (from, to) => {
	const names = p => resolve(p).split('/').filter(n => n);
	const a = names(from), b = names(to);
	while (a.length && a[0] === b[0]) {
		a.shift();
		b.shift();
	}
	return [...a.map(() => '..'), ...b].join('/');
};
const parse = p => {
	const base = basename(p), ext = extname(p);
	const dir = dirname(p);
	return {root: isAbsolute(p) ? '/' : '',
		dir: dir === '.' && !p.startsWith('.') ? '' : dir,
		base, ext, name: base.slice(0, base.length - ext.length)};
};
const format = o => {
	const base = o.base || (o.name || '') + (o.ext || '');
	const dir = o.dir || o.root;
	if (!dir)
		return base;
	return dir === o.root ? dir + base : dir + '/' + base;
};
const path = {basename, dirname, extname, format, isAbsolute, join, normalize,
	parse, relative, resolve, sep: '/', delimiter: ':'};
path.posix = path;
return path;
})
