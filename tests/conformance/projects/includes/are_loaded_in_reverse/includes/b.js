(global.seen ||= []).push("b");
