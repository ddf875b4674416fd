throw new Error("broken include");
