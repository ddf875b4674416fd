publish("a").query(`select '${JSON.stringify({ b: 1, 2: "x", a: [undefined, () => 1, NaN], d: new Date(0) })}', '${[10, 9, 1, "b", "a"].sort()}', '${[3, 1, 2].sort((x, y) => y - x)}'`);
