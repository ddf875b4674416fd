exports.y = "two";
