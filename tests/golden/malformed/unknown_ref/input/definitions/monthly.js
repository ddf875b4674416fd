publish("monthly", { type: "table" })
  .query(ctx => `select * from ${ctx.ref("dayly")}`);
