publish("a", { type: "table" }).jitCode(
  // a comment before
  async function named( jctx ) {
    // a comment   inside
    return `x ${ 1 }`;
  });
