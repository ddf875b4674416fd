import { x } from "includes/x";
publish("a").query("select 1");
