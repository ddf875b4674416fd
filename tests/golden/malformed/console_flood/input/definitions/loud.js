const text = "x".repeat(1 << 20);

console.log(...Array(60000).fill(text));
for (let i = 0; i < 60000; i++) console.error(text, { text });
console.log(Object.create(null), Symbol("s"), 1n, () => 1);
