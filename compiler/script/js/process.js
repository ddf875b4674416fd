/*
 * The global process: what a project may ask of it without having one. Run by
 * the engine when a project first says process. There is no environment, and
 * nobody hears of an event.
 */
(root => {
"use strict";

const version = "20.20.2";

/* As if the clock had been started with the compile. */
const hrtime = before => {
	const ms = Date.now();
	const now = [Math.floor(ms / 1000), ms % 1000 * 1e6];
	return before ? [now[0] - before[0], now[1] - before[1]] : now;
};

const on = function () {
	return this;
};

return {
	argv: [],
	title: "node",
	version: "v" + version,
	versions: {node: version},
	arch: "x64",
	platform: "linux",
	env: {},
	pid: 1,
	features: {},
	nextTick() {},
	hrtime,
	uptime: () => 0,
	cwd: () => root,
	addListener: on,
	on,
	once: on,
	listeners: () => [],
	removeListener: on,
	umask: () => 18,
};
})
