notebook({ filename: "report.ipynb", name: "copy", disabled: true })
  .dependencies("report");
notebook({ filename: "../books/report.ipynb", name: "other" })
  .ipynb({ cells: [{ outputs: [1] }], text: "\u2028 \" \u0001", 7: [NaN, undefined, () => 1], gone: undefined });
