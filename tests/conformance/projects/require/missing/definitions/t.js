require("./nothing");
