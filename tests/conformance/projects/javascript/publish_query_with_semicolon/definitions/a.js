publish("a").query("select 1 ; \n");
