publish("a").query(`select '${(1234567.891).toLocaleString("en-US")}', '${["b", "a", "C"].sort((x, y) => x.localeCompare(y))}', '${"I".toLocaleLowerCase()}'`);
