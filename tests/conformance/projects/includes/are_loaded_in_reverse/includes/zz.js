(global.seen ||= []).push("zz");
