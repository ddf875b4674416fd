assert("a").query("select 1").hermetic(true);
