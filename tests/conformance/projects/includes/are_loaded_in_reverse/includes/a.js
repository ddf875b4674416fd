(global.seen ||= []).push("a");
