(global.seen ||= []).push("Q");
