require("some-package")("made");
