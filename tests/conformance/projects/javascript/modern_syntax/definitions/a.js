class Table { #n; static made = 0; constructor(n) { this.#n = n; Table.made++; } get name() { return this.#n ?? "none"; } }
const { a, ...rest } = { a: 1, b: 2, c: 3 };
const t = new Table("x");
let q = null; q ??= "set"; 
publish("a").query(`select '${t.name}', ${Table.made}, ${Object.entries(rest).flat().join()}, ${t?.missing?.deep}, ${[1, 2, 3].at(-1)}, ${q}, ${"aXbX".replaceAll("X", "-")}, ${1_000}, ${2 ** 10}, ${Object.fromEntries([["k", 1]]).k}`);
