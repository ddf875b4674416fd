// What "weir format" asks of the libraries that Dataform's formatter uses:
// js-beautify for JavaScript, google-sql-syntax-ts for SQL, both as Dataform
// calls them. The value of this script is a function that gets load(name) and
// gives [js, sql], two functions from text to text.
(function (load) {
  'use strict';
  // The libraries make the same regular expressions for every text, and
  // compiling them is most of the work.
  const NativeRegExp = RegExp;
  const expressions = new Map();
  globalThis.RegExp = function (source, flags) {
    if (typeof source !== 'string') {
      return new NativeRegExp(source, flags);
    }
    const key = flags + '/' + source;
    let made = expressions.get(key);
    if (!made) {
      made = new NativeRegExp(source, flags);
      expressions.set(key, made);
    }
    made.lastIndex = 0;
    return made;
  };
  globalThis.RegExp.prototype = NativeRegExp.prototype;

  const modules = {};
  const beautify = require('./beautify').js_beautify;
  const { QueryFormatter } = require('./query_formatter');
  const { GoogleSqlDefinition } = require('./google_sql');
  const whole = new GoogleSqlDefinition();
  const keywords = withWords(whole.getKeywords());
  const functions = withWords(whole.getFunctions());
  const clauses = withWords(whole.getClauseWords());
  const connected = whole.getConnectedClauseWords();

  function require(path) {
    const name = path.slice(path.lastIndexOf('/') + 1) + '.js';
    if (!(name in modules)) {
      modules[name] = {};
      load(name)(modules[name], require);
    }
    return modules[name];
  }

  // The words that must stand in a query for name to be found in it.
  function withWords(names) {
    return names.map(name => ({ name, words: name.match(/\w+/g) }));
  }

  // The library tries some 950 regular expressions on every query, and some
  // of them on every line. Those with a word that the query has not would
  // find nothing: it gets a language of the words that there are.
  function languageOf(text) {
    const found = text.match(/\w+/g) || [];
    const words = new Set(found.map(word => word.toUpperCase()));
    const used = list => list
      .filter(item => item.words.every(word => words.has(word)))
      .map(item => item.name);
    const all = {
      getKeywords: used(keywords),
      getFunctions: used(functions),
      getClauseWords: used(clauses),
    };
    const language = Object.create(whole);
    for (const key in all) {
      language[key] = () => all[key];
    }
    const upper = text.toUpperCase();
    const near = connected.filter(({ first, second }) =>
      first.split(' ').every(word => upper.includes(word)) &&
      second.split(' ').every(word => upper.includes(word)));
    language.getConnectedClauseWords = () => near;
    return language;
  }

  function js(text) {
    return beautify(text, {
      indent_size: 2,
      preserve_newlines: true,
      max_preserve_newlines: 2,
    });
  }

  // Empty lines do not come out again, but the library's search for comments
  // takes twice as long for each more of them.
  function sql(text) {
    const dense = text.replace(/\n\s*\n/g, '\n');
    return new QueryFormatter(languageOf(dense)).formatQuery(dense);
  }

  return [js, sql];
});
