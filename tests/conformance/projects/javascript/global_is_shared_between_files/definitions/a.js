global.shared = "yes";
