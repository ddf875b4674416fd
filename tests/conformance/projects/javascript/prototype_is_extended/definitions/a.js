String.prototype.shout = function () { return this.toUpperCase() + "!"; };
publish("a").query(`select '${"x".shout()}'`);
