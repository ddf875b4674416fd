publish("a").query(ctx => { operate("from_query", "select 2"); publish("lost").query("select 3"); return "select 1"; });
