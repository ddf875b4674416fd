/*
 * What JavaScript can read of an action that it made. Packages take names from
 * there, made.proto.target.schema, so it has the shape that it has in the
 * graph; nothing in it can be changed.
 */
#include "base/arena.h"
#include "compiler/actions/session.h"

static void put_text(struct value *object, const char *key, struct str text)
{
	if (text.p)
		value_put(object, str_of(key), value_string(text));
}

static struct value target_value(struct arena *arena, const struct target *t)
{
	struct value v = value_object(arena, 3);

	put_text(&v, "schema", t->schema);
	put_text(&v, "name", t->name);
	put_text(&v, "database", t->database);
	return v;
}

bool session_get_proto(struct session *s, struct draft *d,
		       struct script_call *call)
{
	struct value *v = &call->value;

	*v = value_object(s->arena, 6);
	if (d->made.type <= ACTION_INCREMENTAL)
		put_text(v, "type", str_of(action_type_name(d->made.type)));
	value_put(v, STR("target"), target_value(s->arena, &d->target));
	value_put(v, STR("disabled"), value_bool(d->made.disabled));
	put_text(v, "fileName", d->made.file);
	value_put(v, STR("tags"), value_array(s->arena, (uint32_t)d->tags.n));
	for (size_t i = 0; i < d->tags.n; i++)
		value_push(&v->members[v->n - 1].value,
			   value_string(d->tags.v[i]));
	value_put(v, STR("canonicalTarget"),
		  target_value(s->arena, &d->made.canonical));
	call->answer = ANSWER_FIXED;
	return true;
}
