/*
 * require("path"), the one module of node that projects may use: the functions
 * on POSIX paths that depend on nothing outside. In JavaScript, because it is
 * compiled only when a project asks for it.
 */
#include "compiler/script_int.h"

static const char text[] =
	"(root => {\n"
	"const check = p => {\n"
	"	if (typeof p !== 'string')\n"
	"		throw new TypeError('a path must be a string');\n"
	"	return p;\n"
	"};\n"
	"const isAbsolute = p => check(p).startsWith('/');\n"
	"const normalize = p => {\n"
	"	const absolute = isAbsolute(p), out = [];\n"
	"	for (const name of p.split('/')) {\n"
	"		if (name === '' || name === '.')\n"
	"			continue;\n"
	"		if (name !== '..')\n"
	"			out.push(name);\n"
	"		else if (out.length && out[out.length - 1] !== '..')\n"
	"			out.pop();\n"
	"		else if (!absolute)\n"
	"			out.push('..');\n"
	"	}\n"
	"	let text = out.join('/');\n"
	"	if (text && p.endsWith('/'))\n"
	"		text += '/';\n"
	"	return absolute ? '/' + text : text || '.';\n"
	"};\n"
	"const strip = p => p.replace(/(.)\\/+$/, '$1');\n"
	"const join = (...parts) =>\n"
	"	normalize(parts.filter(p => check(p) !== '').join('/'));\n"
	"const resolve = (...parts) => {\n"
	"	let p = '';\n"
	"	for (const part of [...parts].reverse())\n"
	"		if (!p.startsWith('/') && check(part) !== '')\n"
	"			p = p ? part + '/' + p : part;\n"
	"	if (!p.startsWith('/'))\n"
	"		p = root + '/' + p;\n"
	"	return strip(normalize(p));\n"
	"};\n"
	"const basename = (p, ending = '') => {\n"
	"	if (p === ending)\n"
	"		return '';\n"
	"	const base = strip(check(p)).replace(/^.*\\//s, '');\n"
	"	return ending && base !== ending && base.endsWith(ending) ?\n"
	"		base.slice(0, -ending.length) : base;\n"
	"};\n"
	"const dirname = p => {\n"
	"	const stripped = strip(check(p));\n"
	"	const slash = stripped.lastIndexOf('/');\n"
	"	if (slash < 0)\n"
	"		return '.';\n"
	"	return stripped.slice(0, slash) || '/';\n"
	"};\n"
	"const extname = p => {\n"
	"	const base = basename(p), dot = base.lastIndexOf('.');\n"
	"	return dot > 0 && base !== '..' ? base.slice(dot) : '';\n"
	"};\n"
	"const relative = (from, to) => {\n"
	"	const names = p => resolve(p).split('/').filter(n => n);\n"
	"	const a = names(from), b = names(to);\n"
	"	while (a.length && a[0] === b[0]) {\n"
	"		a.shift();\n"
	"		b.shift();\n"
	"	}\n"
	"	return [...a.map(() => '..'), ...b].join('/');\n"
	"};\n"
	"const parse = p => {\n"
	"	const base = basename(p), ext = extname(p);\n"
	"	const dir = dirname(p);\n"
	"	return {root: isAbsolute(p) ? '/' : '',\n"
	"		dir: dir === '.' && !p.startsWith('.') ? '' : dir,\n"
	"		base, ext, name: base.slice(0, base.length - "
	"ext.length)};\n"
	"};\n"
	"const path = {basename, dirname, extname, isAbsolute, join, "
	"normalize,\n"
	"	parse, relative, resolve, sep: '/', delimiter: ':'};\n"
	"path.posix = path;\n"
	"return path;\n"
	"})";

JSValue script_path_module(struct script *s)
{
	JSValue maker = JS_Eval(s->js, text, sizeof(text) - 1, "node:path",
				JS_EVAL_FLAG_STRICT);
	JSValue folder, path;

	if (JS_IsException(maker))
		return maker;
	folder = JS_NewStringLen(s->js, s->root.p, s->root.n);
	path = JS_Call(s->js, maker, JS_UNDEFINED, 1, &folder);
	JS_FreeValue(s->js, folder);
	JS_FreeValue(s->js, maker);
	return path;
}
