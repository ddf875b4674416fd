class Config { constructor() { this.type = "table"; this.tags = ["x"]; } }
publish("a", new Config()).query("select 1");
