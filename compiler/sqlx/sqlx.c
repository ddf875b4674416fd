/*
 * From the grammar's tree to a struct sqlx_file. The grammar knows the lexical
 * rules and has a tree for any text, so all that is left is to walk it once,
 * in order. Whatever does not stand apart from the SQL around it (strings,
 * most comments) melts into pieces of text: a piece is pushed only when
 * something else begins, and the text before it is all since the last one.
 */
#include "compiler/sqlx/sqlx.h"

#include <assert.h>
#include <stdlib.h>
#include <tree_sitter/api.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"
#include "compiler/diag.h"
#include "compiler/sqlx/sqlx_comment.h"
#include "compiler/sqlx/sqlx_slip.h"

const TSLanguage *tree_sitter_sqlx(void);

enum node {
	NODE_OTHER, /* keywords, commas: nothing to do */
	NODE_TEXT,
	NODE_STRING,
	NODE_COMMENT,
	NODE_SEPARATOR,
	NODE_PLACEHOLDER,
	NODE_CONFIG,
	NODE_JS,
	NODE_WHERE,
	NODE_PRE,
	NODE_POST,
	NODE_INPUT,
	NODE_SQL,
	NODE_JAVASCRIPT,
	NODE_NAME,
	NODE_OPEN,
	NODE_CLOSE,
	NODE_UNCLOSED,
	NODE_TOO_DEEP,
};

static const struct {
	const char *name;
	bool is_named;
	enum node node;
} node_names[] = {
	{"sql_text", true, NODE_TEXT},
	{"string", true, NODE_STRING},
	{"comment", true, NODE_COMMENT},
	{"separator", true, NODE_SEPARATOR},
	{"placeholder", true, NODE_PLACEHOLDER},
	{"config_block", true, NODE_CONFIG},
	{"js_block", true, NODE_JS},
	{"incremental_where_block", true, NODE_WHERE},
	{"pre_operations_block", true, NODE_PRE},
	{"post_operations_block", true, NODE_POST},
	{"input_block", true, NODE_INPUT},
	{"sql", true, NODE_SQL},
	{"javascript", true, NODE_JAVASCRIPT},
	{"name", true, NODE_NAME},
	{"{", false, NODE_OPEN},
	{"}", false, NODE_CLOSE},
	{"unclosed", true, NODE_UNCLOSED},
	{"too_deep", true, NODE_TOO_DEEP},
};

enum { MAX_SYMBOLS = 64 };

struct sqlx_parser {
	TSParser *ts;
	unsigned char nodes[MAX_SYMBOLS]; /* enum node of each symbol */
};

struct pieces {
	struct sqlx_piece *v;
	size_t n, cap;
	uint32_t text; /* where the text begins that is not in v yet */
};

struct js_vec {
	struct sqlx_span *v;
	size_t n, cap;
};

struct input_vec {
	struct sqlx_input *v;
	size_t n, cap;
};

struct reader {
	const struct sqlx_parser *parser;
	const struct source *src;
	struct arena *arena;
	struct diags *diags;
	struct sqlx_file *out;
	TSTreeCursor cursor;
	struct js_vec js;
	struct input_vec inputs;
	struct comments comments;
	uint32_t open_string; /* start of the one that ends with the file */
	bool is_open;         /* something is, and that was reported */
	uint32_t opened;      /* where the block begins that we are in */
};

/* What a block holds between its braces. */
struct block {
	uint32_t brace;
	struct sqlx_span body;
	struct sqlx_sql sql;
	struct str_vec names;
};

struct sqlx_parser *sqlx_parser_new(void)
{
	struct sqlx_parser *parser = mem_zalloc(sizeof(*parser));
	const TSLanguage *language = tree_sitter_sqlx();
	bool fits;

	parser->ts = ts_parser_new();
	fits = ts_parser_set_language(parser->ts, language);
	assert(fits && ts_language_symbol_count(language) <= MAX_SYMBOLS);
	for (size_t i = 0; i < sizeof(node_names) / sizeof(node_names[0]);
	     i++) {
		const char *name = node_names[i].name;
		TSSymbol symbol = ts_language_symbol_for_name(
			language, name, (uint32_t)strlen(name),
			node_names[i].is_named);

		assert(symbol);
		parser->nodes[symbol] = (unsigned char)node_names[i].node;
	}
	return parser;
}

void sqlx_parser_free(struct sqlx_parser *parser)
{
	if (!parser)
		return;
	ts_parser_delete(parser->ts);
	free(parser);
}

static enum node node_kind(const struct reader *r, TSNode node)
{
	TSSymbol symbol = ts_node_symbol(node);

	return symbol < MAX_SYMBOLS ? (enum node)r->parser->nodes[symbol]
				    : NODE_OTHER;
}

static TSNode here(const struct reader *r)
{
	return ts_tree_cursor_current_node(&r->cursor);
}

/* To be called as: for (bool more = enter(r); more; more = next(r)) */
static bool enter(struct reader *r)
{
	return ts_tree_cursor_goto_first_child(&r->cursor);
}

static bool next(struct reader *r)
{
	if (ts_tree_cursor_goto_next_sibling(&r->cursor))
		return true;
	ts_tree_cursor_goto_parent(&r->cursor);
	return false;
}

static bool has_byte(const struct reader *r, uint32_t start, uint32_t end,
		     char c)
{
	return memchr(r->src->text.p + start, c, end - start);
}

/* Diagnostics */

/* Only the innermost of what is open is to blame. */
static void report_unclosed(struct reader *r, const char *what, uint32_t start,
			    uint32_t end, enum node why)
{
	uint32_t eof = (uint32_t)r->src->text.n;
	struct span span = span_of(r->src, start, end);
	struct diag *diag;

	if (r->is_open)
		return;
	r->is_open = true;
	if (why == NODE_TOO_DEEP) {
		diag = diag_add(
			r->diags, DIAG_UNCLOSED_BLOCK, span,
			"this %s has too many braces within one another", what);
		diag_help(r->diags, diag, "close some of them");
		return;
	}
	diag = diag_add(r->diags, DIAG_UNCLOSED_BLOCK, span,
			"this %s is not closed", what);
	if (r->open_string)
		diag_help(r->diags, diag,
			  "the string that begins on line %u never ends, and "
			  "takes the \"}\" with it",
			  source_position(r->src, r->open_string).line);
	else if (str_has(str_sub(r->src->text, end, eof), STR("\\`")))
		diag_help(r->diags, diag,
			  "add the \"}\" that ends it; \"\\`\" ends a "
			  "JavaScript template in Dataform, ${\"`\"} does not");
	else
		diag_help(r->diags, diag, "add the \"}\" that ends it");
}

/* SQL */

static void push(struct reader *r, struct pieces *pieces,
		 enum sqlx_piece_kind kind, uint32_t start, uint32_t end)
{
	struct sqlx_piece piece = {kind, start, end};

	VEC_PUSH(r->arena, pieces, piece);
}

/* Ends the text before start; new text begins at end. */
static void push_text(struct reader *r, struct pieces *pieces, uint32_t start,
		      uint32_t end)
{
	if (pieces->text < start)
		push(r, pieces, SQLX_TEXT, pieces->text, start);
	pieces->text = end;
}

static struct sqlx_sql take_pieces(struct reader *r, struct pieces *pieces,
				   uint32_t start, uint32_t end)
{
	push_text(r, pieces, end, end);
	return (struct sqlx_sql){pieces->v, (uint32_t)pieces->n, start, end,
				 true};
}

static void read_placeholder(struct reader *r, TSNode node,
			     enum sqlx_piece_kind piece, struct pieces *pieces)
{
	uint32_t start = ts_node_start_byte(node);
	uint32_t end = ts_node_end_byte(node);
	uint32_t body = end - 1;

	for (bool more = enter(r); more; more = next(r)) {
		enum node kind = node_kind(r, here(r));

		if (kind != NODE_UNCLOSED && kind != NODE_TOO_DEEP)
			continue;
		body = end;
		report_unclosed(r, "placeholder", start, start + 2, kind);
	}
	push_text(r, pieces, start, end);
	push(r, pieces, piece, start + 2, body);
}

static void read_string(struct reader *r, TSNode node, struct pieces *pieces)
{
	struct str text = r->src->text;
	uint32_t start = ts_node_start_byte(node);
	uint32_t end = ts_node_end_byte(node);
	bool is_triple = end - start > 2 &&
			 text.p[start + 1] == text.p[start] &&
			 text.p[start + 2] == text.p[start];
	bool is_quoted = text.p[start] == '"' && !is_triple;

	if (end == text.n && text.p[end - 1] != text.p[start])
		r->open_string = start;
	for (bool more = enter(r); more; more = next(r)) {
		TSNode child = here(r);

		if (node_kind(r, child) == NODE_PLACEHOLDER)
			read_placeholder(r, child,
					 is_quoted ? SQLX_QUOTED
						   : SQLX_PLACEHOLDER,
					 pieces);
	}
}

/* Anything that SQL is made of; false if node is none of that. */
static bool read_piece(struct reader *r, TSNode node, struct pieces *pieces)
{
	enum node kind = node_kind(r, node);
	uint32_t start = ts_node_start_byte(node);
	uint32_t end = ts_node_end_byte(node);

	switch (kind) {
	case NODE_TEXT:
		slip_check_text(r->src, start, end, r->diags);
		comment_check_text(&r->comments, start, end);
		return true;
	case NODE_COMMENT:
		if (!has_byte(r, start, end, '\\'))
			return true;
		end = comment_end(&r->comments, start, end);
		push_text(r, pieces, start, end);
		push(r, pieces, SQLX_COMMENT, start, end);
		return true;
	case NODE_SEPARATOR:
		push_text(r, pieces, start, end);
		push(r, pieces, SQLX_SEPARATOR, start, end);
		return true;
	case NODE_STRING:
		read_string(r, node, pieces);
		return true;
	case NODE_PLACEHOLDER:
		read_placeholder(r, node, SQLX_PLACEHOLDER, pieces);
		return true;
	default:
		return false;
	}
}

static struct sqlx_sql read_sql(struct reader *r, uint32_t start, uint32_t end)
{
	struct pieces pieces = {.text = start};

	for (bool more = enter(r); more; more = next(r))
		read_piece(r, here(r), &pieces);
	return take_pieces(r, &pieces, start, end);
}

/* Blocks */

static void read_block(struct reader *r, const char *what, struct block *b)
{
	*b = (struct block){0};
	for (bool more = enter(r); more; more = next(r)) {
		TSNode child = here(r);
		enum node kind = node_kind(r, child);
		uint32_t start = ts_node_start_byte(child);
		uint32_t end = ts_node_end_byte(child);
		struct str name;

		switch (kind) {
		case NODE_NAME:
			name = str_sub(r->src->text, start + 1, end - 1);
			VEC_PUSH(r->arena, &b->names, name);
			break;
		case NODE_OPEN:
			b->brace = start;
			b->body = (struct sqlx_span){end, end};
			break;
		case NODE_JAVASCRIPT:
			if (!b->brace)
				b->brace = start;
			b->body = (struct sqlx_span){start, end};
			break;
		case NODE_SQL:
			b->sql = read_sql(r, start, end);
			b->body = (struct sqlx_span){start, end};
			break;
		case NODE_UNCLOSED:
		case NODE_TOO_DEEP:
			report_unclosed(r, what, b->brace, b->brace + 1, kind);
			break;
		default:
			break;
		}
	}
	b->sql.present = true;
	b->sql.start = b->body.start;
	b->sql.end = b->body.end;
}

/* Returns whether node is a block of the file. */
static bool read_file_block(struct reader *r, TSNode node)
{
	struct sqlx_file *out = r->out;
	struct sqlx_input input;
	struct block b;

	switch (node_kind(r, node)) {
	case NODE_CONFIG:
		read_block(r, "config block", &b);
		out->has_config = true;
		out->config = b.body;
		return true;
	case NODE_JS:
		read_block(r, "js block", &b);
		VEC_PUSH(r->arena, &r->js, b.body);
		return true;
	case NODE_WHERE:
		read_block(r, "incremental_where block", &b);
		out->where = b.sql;
		return true;
	case NODE_PRE:
		read_block(r, "pre_operations block", &b);
		out->pre = b.sql;
		return true;
	case NODE_POST:
		read_block(r, "post_operations block", &b);
		out->post = b.sql;
		return true;
	case NODE_INPUT:
		read_block(r, "input block", &b);
		input = (struct sqlx_input){b.names.v, (uint32_t)b.names.n,
					    b.sql};
		VEC_PUSH(r->arena, &r->inputs, input);
		return true;
	default:
		return false;
	}
}

static void read_file(struct reader *r)
{
	uint32_t eof = (uint32_t)r->src->text.n;
	struct pieces pieces = {.text = 0};

	for (bool more = enter(r); more; more = next(r)) {
		TSNode node = here(r);

		if (read_piece(r, node, &pieces))
			continue;
		push_text(r, &pieces, ts_node_start_byte(node),
			  ts_node_end_byte(node));
		read_file_block(r, node);
	}
	r->out->sql = take_pieces(r, &pieces, 0, eof);
	r->out->js = r->js.v;
	r->out->njs = (uint32_t)r->js.n;
	r->out->inputs = r->inputs.v;
	r->out->ninputs = (uint32_t)r->inputs.n;
}

static void start(struct reader *r, TSTree **tree)
{
	struct str text = r->src->text;

	assert(text.n <= SOURCE_SIZE_MAX);
	*tree = ts_parser_parse_string(r->parser->ts, NULL, text.p,
				       (uint32_t)text.n);
	assert(*tree);
	r->cursor = ts_tree_cursor_new(ts_tree_root_node(*tree));
}

static void finish(struct reader *r, TSTree *tree)
{
	ts_tree_cursor_delete(&r->cursor);
	ts_tree_delete(tree);
}

void sqlx_parse(struct sqlx_parser *parser, const struct source *src,
		struct arena *arena, struct diags *diags, struct sqlx_file *out)
{
	struct reader r = {
		.parser = parser,
		.src = src,
		.arena = arena,
		.diags = diags,
		.out = out,
		.comments = {.src = src, .diags = diags},
	};
	TSTree *tree;

	*out = (struct sqlx_file){0};
	start(&r, &tree);
	read_file(&r);
	finish(&r, tree);
}

/* Tokens */

static void put_token(struct reader *r, struct sqlx_tokens *out,
		      enum sqlx_token_kind kind, uint32_t from, uint32_t to)
{
	struct sqlx_token token = {kind, from, to};

	VEC_PUSH(r->arena, out, token);
}

static void put_block(struct reader *r, struct sqlx_tokens *out);

/* The tokens of the node that the cursor is at; blocks are opened. */
static void put_node(struct reader *r, struct sqlx_tokens *out)
{
	static const enum sqlx_token_kind kinds[] = {
		[NODE_TEXT] = SQLX_TOKEN_TEXT,
		[NODE_STRING] = SQLX_TOKEN_STRING,
		[NODE_COMMENT] = SQLX_TOKEN_COMMENT,
		[NODE_SEPARATOR] = SQLX_TOKEN_SEPARATOR,
		[NODE_PLACEHOLDER] = SQLX_TOKEN_PLACEHOLDER,
		[NODE_CONFIG] = SQLX_TOKEN_SCRIPT,
		[NODE_JS] = SQLX_TOKEN_SCRIPT,
	};
	TSNode node = here(r);
	enum node kind = node_kind(r, node);
	uint32_t from = ts_node_start_byte(node), to = ts_node_end_byte(node);

	if (kind == NODE_OPEN)
		put_token(r, out, SQLX_TOKEN_OPEN, r->opened, to);
	else if (kind == NODE_CLOSE)
		put_token(r, out, SQLX_TOKEN_CLOSE, from, to);
	else if (kind >= NODE_TEXT && kind <= NODE_JS)
		put_token(r, out, kinds[kind], from, to);
	else if (kind >= NODE_WHERE && kind <= NODE_SQL)
		put_block(r, out);
}

static void put_block(struct reader *r, struct sqlx_tokens *out)
{
	TSNode node = here(r);

	if (node_kind(r, node) != NODE_SQL)
		r->opened = ts_node_start_byte(node);
	for (bool more = enter(r); more; more = next(r))
		put_node(r, out);
}

void sqlx_tokenize(struct sqlx_parser *parser, const struct source *src,
		   struct arena *arena, struct sqlx_tokens *out)
{
	struct reader r = {.parser = parser, .src = src, .arena = arena};
	TSTree *tree;

	*out = (struct sqlx_tokens){0};
	start(&r, &tree);
	put_block(&r, out);
	finish(&r, tree);
}
