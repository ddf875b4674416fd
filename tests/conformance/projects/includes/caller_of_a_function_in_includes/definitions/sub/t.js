makers.make("made");
