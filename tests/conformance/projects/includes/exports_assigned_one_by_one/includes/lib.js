exports.one = 1;
exports.two = () => exports.one + 1;
