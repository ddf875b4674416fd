; SQL and JavaScript are coloured by their own grammars: injections.scm.

[
  "config"
  "js"
  "incremental_where"
  "pre_operations"
  "post_operations"
  "input"
] @keyword

(name) @string.special

(comment) @comment

(string) @string

(separator) @punctuation.delimiter

"," @punctuation.delimiter

(config_block (javascript) @embedded)

(js_block [ "{" "}" ] @punctuation.bracket)

(incremental_where_block [ "{" "}" ] @punctuation.bracket)

(pre_operations_block [ "{" "}" ] @punctuation.bracket)

(post_operations_block [ "{" "}" ] @punctuation.bracket)

(input_block [ "{" "}" ] @punctuation.bracket)

(placeholder [ "${" "}" ] @punctuation.special) @embedded
