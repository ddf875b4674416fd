function* count() { yield 1; yield 2; }
const o = { [Symbol.iterator]: count, [Symbol.toPrimitive]: () => "prim" };
publish("a").query(`select ${[...o].join()}, ${o}`);
