require("../../outside.js");
