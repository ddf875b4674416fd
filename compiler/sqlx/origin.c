/*
 * From SQL as a warehouse got it back to the line that the user wrote.
 *
 * No table of positions survives the JavaScript that made the SQL, but most
 * lines do: a line of SQL is looked for in the source, where ${...} may stand
 * for any text. A line that says little, such as ")", or that fits in several
 * places, counts only where the line above or below fits as well. Whatever
 * is then not the only one is not told: a wrong line is worse than none.
 */
#include "compiler/graph.h"
#include "compiler/project/source.h"

enum {
	WORDY = 3,     /* characters of words that make a line say something */
	LONGEST = 4096 /* bytes; a longer line is not looked for */
};

static bool is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '_' || (c & 0x80);
}

/* Offset of part in s; false if it is not there. */
static bool find(struct str s, struct str part, size_t from, size_t *out)
{
	for (size_t i = from; i + part.n <= s.n; i++)
		if (memcmp(s.p + i, part.p, part.n) == 0) {
			*out = i;
			return true;
		}
	return false;
}

/* Offset of the next "${"; s.n if there is none. */
static size_t find_code(struct str s)
{
	size_t at;

	return find(s, STR("${"), 0, &at) ? at : s.n;
}

/* Behind the } of the "${" at start, as far as the line has it. */
static size_t end_of_code(struct str s, size_t start)
{
	int depth = 0;

	for (size_t i = start + 1; i < s.n; i++) {
		depth += s.p[i] == '{';
		depth -= s.p[i] == '}';
		if (depth == 0)
			return i + 1;
	}
	return s.n;
}

static bool says_something(struct str line)
{
	size_t n = 0;

	while (line.n) {
		size_t code = find_code(line);

		for (size_t i = 0; i < code; i++)
			n += is_word(line.p[i]);
		if (code == line.n)
			break;
		code = end_of_code(line, code);
		line = str_sub(line, code, line.n);
	}
	return n >= WORDY;
}

/* Whether source has ${...} in it and gives sql. */
static bool gives(struct str source, struct str sql)
{
	size_t code = find_code(source), at;

	if (code == source.n || !str_starts(sql, str_sub(source, 0, code)))
		return false;
	for (size_t done = code;; done = at + code) {
		size_t end = end_of_code(source, code);
		struct str literal;

		source = str_sub(source, end, source.n);
		code = find_code(source);
		literal = str_sub(source, 0, code);
		if (code == source.n)
			return str_ends(str_sub(sql, done, sql.n), literal);
		if (!find(sql, literal, done, &at))
			return false;
	}
}

/* Whether sql stands in source with nothing of a word around it, and where. */
static bool holds(struct str source, struct str sql, size_t *at)
{
	for (size_t from = 0; find(source, sql, from, at); from = *at + 1) {
		size_t end = *at + sql.n;

		if ((*at == 0 || !is_word(source.p[*at]) ||
		     !is_word(source.p[*at - 1])) &&
		    (end == source.n || !is_word(source.p[end]) ||
		     !is_word(source.p[end - 1])))
			return true;
	}
	return false;
}

static bool fits(struct str source, struct str sql)
{
	size_t at;

	return sql.n && (holds(source, sql, &at) || gives(source, sql));
}

/* Lines of a text, one at a time, from any of them up and down. */
struct line {
	struct str text; /* all of it */
	size_t start, end;
};

static struct line line_at(struct str text, size_t offset)
{
	struct line l = {text, offset, str_find(text, '\n', offset)};

	while (l.start > 0 && text.p[l.start - 1] != '\n')
		l.start--;
	return l;
}

static struct str line_text(const struct line *l)
{
	return str_trim(str_sub(l->text, l->start, l->end));
}

static bool line_up(struct line *l)
{
	if (l->start == 0)
		return false;
	*l = line_at(l->text, l->start - 1);
	return true;
}

static bool line_down(struct line *l)
{
	if (l->end >= l->text.n)
		return false;
	*l = line_at(l->text, l->end + 1);
	return true;
}

/* Whether the next lines with text, up or down, fit each other. */
static bool neighbours_fit(struct line source, struct line sql,
			   bool (*move)(struct line *))
{
	do
		if (!move(&source))
			return false;
	while (!line_text(&source).n);
	do
		if (!move(&sql))
			return false;
	while (!line_text(&sql).n);
	return says_something(line_text(&source)) &&
	       says_something(line_text(&sql)) &&
	       fits(line_text(&source), line_text(&sql));
}

struct search {
	struct line sql, found;
	size_t nfound;
};

/* Looks at every line of the source; sure: only at those whose neighbours fit
 * too. */
static void look(struct search *s, struct str source, bool sure)
{
	struct line l = line_at(source, 0);

	s->nfound = 0;
	do {
		if (!fits(line_text(&l), line_text(&s->sql)) ||
		    (sure && !neighbours_fit(l, s->sql, line_up) &&
		     !neighbours_fit(l, s->sql, line_down)))
			continue;
		s->found = l;
		s->nfound++;
	} while (line_down(&l));
}

static bool find_line(struct search *s, struct str source)
{
	look(s, source, false);
	if (s->nfound == 1 && says_something(line_text(&s->found)) &&
	    says_something(line_text(&s->sql)))
		return true;
	if (s->nfound)
		look(s, source, true);
	return s->nfound == 1;
}

/* The one of the action's texts that holds the character at offset of sql, and
 * its offset there. */
static bool find_text(struct str text, struct str sql, size_t *offset)
{
	size_t at = 0;

	text = str_trim(text);
	for (size_t from = 0;
	     text.n && find(sql, text, from, &at) && at <= *offset;
	     from = at + 1)
		if (*offset <= at + text.n) {
			*offset -= at;
			return true;
		}
	return false;
}

static bool find_in(const struct strs *texts, struct str sql, size_t *offset,
		    struct str *out)
{
	for (size_t i = 0; i < texts->n; i++)
		if (find_text(texts->v[i], sql, offset)) {
			*out = str_trim(texts->v[i]);
			return true;
		}
	return false;
}

static bool find_any(const struct action *a, struct str sql, size_t *offset,
		     struct str *out)
{
	struct str queries[] = {a->query, a->incremental_query, a->where};
	struct strs own = {queries, sizeof(queries) / sizeof(queries[0])};

	return find_in(&own, sql, offset, out) ||
	       find_in(&a->queries, sql, offset, out) ||
	       find_in(&a->pre_ops, sql, offset, out) ||
	       find_in(&a->post_ops, sql, offset, out) ||
	       find_in(&a->incremental_pre_ops, sql, offset, out) ||
	       find_in(&a->incremental_post_ops, sql, offset, out);
}

bool action_origin(const struct action *a, struct str sql, size_t offset,
		   uint32_t *line, uint32_t *column)
{
	const struct source *src = a->place.src;
	struct search s;
	struct str text, there;
	struct position at;
	size_t before, start;

	if (!src || !find_any(a, sql, &offset, &text))
		return false;
	s.sql = line_at(text, offset);
	if (line_text(&s.sql).n > LONGEST || !find_line(&s, src->text))
		return false;
	there = str_sub(src->text, s.found.start, s.found.end);
	text = line_text(&s.sql);
	before = (size_t)(text.p - (s.sql.text.p + s.sql.start));
	offset = offset - s.sql.start;
	at = source_position(src, (uint32_t)s.found.start);
	*line = at.line;
	*column = 0;
	if (!holds(there, text, &start) || offset < before)
		return true;
	at = source_position(
		src, (uint32_t)(s.found.start + start + offset - before));
	if (at.line == *line)
		*column = at.column;
	return true;
}
