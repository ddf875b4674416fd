exports.x = "index";
