module.exports.from = ctx => `from ${ctx.ref("b")}`;
