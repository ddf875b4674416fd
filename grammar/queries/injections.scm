; The SQL of a file is one text with holes where its blocks and placeholders
; are; the SQL of its blocks is another.
((source_file
  [ (sql_text) (string) (comment) (separator) ] @injection.content)
  (#set! injection.language "sql")
  (#set! injection.combined))

((sql
  [ (sql_text) (string) (comment) (separator) ] @injection.content)
  (#set! injection.language "sql")
  (#set! injection.combined))

((javascript) @injection.content
  (#set! injection.language "javascript"))
