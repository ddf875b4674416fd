import { x } from "includes/x";
