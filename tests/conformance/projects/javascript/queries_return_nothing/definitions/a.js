operate("a").queries(ctx => {});
operate("b").queries({});
