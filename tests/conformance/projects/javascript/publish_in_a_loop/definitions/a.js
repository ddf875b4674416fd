["de", "fr"].forEach(c => publish(`orders_${c}`, { type: "table" }).query(ctx => `select * from x where c = '${c}'`));
