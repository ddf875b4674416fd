// One step to the engine, which looks at the time between steps.
Array(4294967295).indexOf(1);
