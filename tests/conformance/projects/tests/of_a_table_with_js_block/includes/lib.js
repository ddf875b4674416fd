exports.cols = ctx => `a, '${ctx.name()}' as n`;
