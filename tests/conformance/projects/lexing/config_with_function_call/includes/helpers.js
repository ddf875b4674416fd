module.exports.tag = n => "t" + n;
