const all = [];
for (;;) {
  all.push(new Array(1000).fill("x".repeat(1000)));
}
