operate("b", "select 1").hasoutput(true);
