throw new Error("this project needs the variable \"env\"");
