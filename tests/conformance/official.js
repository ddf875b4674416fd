// The official CLI in one process, so that hundreds of projects are compiled in
// a minute: node official.js FOLDER, where FOLDER is that of @dataform/cli.
//
// Reads {"args": [...]} a line, runs the command line with them as the program
// itself would, and answers {"status", "stdout", "stderr"} a line. The bundles
// are read as they are. Only their ends differ: the CLI is not started at once,
// and the worker, a process of its own there, is called here through the same
// JSON. A project that never ends is the caller's to notice.
const childProcess = require("child_process");
const fs = require("fs");
const Module = require("module");
const path = require("path");
const readline = require("readline");

const folder = path.resolve(process.argv[2]);
const answers = process.stdout.write.bind(process.stdout);
let job = null;

function load(name, ending, exported) {
  const file = path.join(folder, name);
  let text = fs.readFileSync(file, "utf8").replace(/^#!.*/, "");
  if (ending) {
    const at = text.lastIndexOf(ending);
    if (at < 0) throw new Error(`${file} does not end in ${ending}`);
    text = text.slice(0, at) + text.slice(at + ending.length);
  }
  const module = new Module(file, null);
  module.filename = file;
  module.paths = Module._nodeModulePaths(folder);
  module._compile(`${text}\nmodule.exports = { ${exported} };\n`, file);
  return module.exports;
}

// The same large bundle of the core is read twice for each project.
function keepLargeScripts() {
  const file = Module.createRequire(path.join(folder, "bundle.js")).resolve("vm2/lib/transformer.js");
  const { transformer } = require(file);
  const known = new Map();
  require.cache[file].exports.transformer = (args, body, ...rest) => {
    if (args !== null || body.length < 100000) return transformer(args, body, ...rest);
    if (!known.has(body)) known.set(body, transformer(args, body, ...rest));
    return known.get(body);
  };
}

function asJson(value) {
  return JSON.parse(JSON.stringify(value));
}

function propertiesOf(error) {
  const found = {};
  for (const name of Object.getOwnPropertyNames(error)) found[name] = error[name];
  return asJson(found);
}

function finish(status) {
  const done = job;
  if (!done) return;
  job = null;
  answers(JSON.stringify({ status: status || 0, stdout: done.stdout, stderr: done.stderr }) + "\n");
}

function collect(stream, name) {
  stream.write = chunk => {
    if (job) job[name] += chunk;
    return true;
  };
}

keepLargeScripts();
const worker = load("worker_bundle.js", null, "compile");
const cli = load("bundle.js", "\nrunCli();", "runCli, CompileChildProcess, coerceAsError");

cli.CompileChildProcess.prototype.compile = async config => {
  if (!job) throw new Error("the command has ended");
  let answer;
  try {
    answer = worker.compile(asJson(config));
  } catch (error) {
    throw cli.coerceAsError(propertiesOf(error));
  }
  if (typeof answer !== "string") throw cli.coerceAsError(asJson(answer));
  return answer;
};
childProcess.exec = () => {
  throw new Error("no package is installed here");
};
process.exit = finish;
collect(process.stdout, "stdout");
collect(process.stderr, "stderr");

const waiting = [];

function next() {
  if (job || waiting.length === 0) return;
  job = { stdout: "", stderr: "" };
  process.argv = [process.argv[0], path.join(folder, "bundle.js"), ...JSON.parse(waiting.shift()).args];
  try {
    cli.runCli();
  } catch (error) {
    if (job) job.stderr += `${error && error.stack}\n`;
    finish(1);
  }
}

readline
  .createInterface({ input: process.stdin })
  .on("line", line => waiting.push(line))
  .on("close", () => process.reallyExit(0));
setInterval(next, 1);
