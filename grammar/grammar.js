// SQLX as Dataform reads it. SQL and JavaScript are text here: what matters is
// where a block, a placeholder, a string, a comment or a statement ends, and
// that is decided by src/scanner.c, character by character. The grammar only
// says in which order its tokens may come; any text at all has a tree without
// an error node. What is not closed ends with an empty `unclosed` node.

const closed_by = ($, brace) => choice(brace, $.unclosed, $.too_deep);

const sql_block = ($, ...head) =>
  seq(...head, '{', optional(field('body', $.sql)), closed_by($, '}'));

module.exports = grammar({
  name: 'sqlx',

  extras: _ => [],

  // In the order of enum token in src/scanner.c.
  externals: $ => [
    $.sql_text,
    $.comment,
    $.separator,
    $.string,
    $._string_head,
    $._string_part,
    $._string_tail,
    $._object,
    $._unclosed_object,
    $._body,
    $.javascript,
    'config',
    'js',
    'incremental_where',
    'pre_operations',
    'post_operations',
    'input',
    $.name,
    ',',
    '{',
    '${',
    '}',
    $.unclosed,
    $.too_deep,
  ],

  rules: {
    source_file: $ => repeat(choice(
      $.config_block,
      $.js_block,
      $.incremental_where_block,
      $.pre_operations_block,
      $.post_operations_block,
      $.input_block,
      $._piece,
    )),

    // The object literal is JavaScript with its braces: it is an expression.
    config_block: $ => seq(
      'config',
      choice(
        field('body', alias($._object, $.javascript)),
        seq(
          field('body', alias($._unclosed_object, $.javascript)),
          choice($.unclosed, $.too_deep),
        ),
      ),
    ),

    js_block: $ => seq(
      'js',
      '{',
      optional(field('body', alias($._body, $.javascript))),
      closed_by($, '}'),
    ),

    incremental_where_block: $ => sql_block($, 'incremental_where'),
    pre_operations_block: $ => sql_block($, 'pre_operations'),
    post_operations_block: $ => sql_block($, 'post_operations'),
    input_block: $ => sql_block($, 'input', $.name, repeat(seq(',', $.name))),

    sql: $ => repeat1($._piece),

    _piece: $ => choice(
      $.sql_text,
      $.string,
      alias($._interpolated_string, $.string),
      $.comment,
      $.separator,
      $.placeholder,
    ),

    _interpolated_string: $ => seq(
      $._string_head,
      $.placeholder,
      repeat(choice($._string_part, $.placeholder)),
      $._string_tail,
    ),

    placeholder: $ => seq(
      '${',
      optional($.javascript),
      closed_by($, '}'),
    ),
  },
});
