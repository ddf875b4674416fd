/* What property_graph*.c share. */
#ifndef COMPILER_PROPERTY_GRAPH_H
#define COMPILER_PROPERTY_GRAPH_H

#include "base/map.h"
#include "compiler/actions/session.h"
#include "compiler/project/yaml_file.h"

struct graph_reader {
	struct session *s;
	struct yaml_file file;
	struct map entities; /* by name, as graph_build_entities() made them */
};

/* Adds an error at v; false. */
bool graph_error(struct graph_reader *r, const struct value *v,
		 const char *help, const char *fmt, ...) PRINTF(4, 5);

/* property_graph_config.c: graph.yaml with its keys in camel case and every
 * short form written out, checked against the keys that it may have. */
bool graph_read_config(struct graph_reader *r, struct value *out);

/* property_graph_build.c: entities and relationships as the graph prints them,
 * from such a config; entities first. */
bool graph_build_entities(struct graph_reader *r, const struct value *config,
			  struct value *out);
bool graph_build_relationships(struct graph_reader *r,
			       const struct value *config, struct value *out);

/* property_graph_sql.c: what stands behind CREATE PROPERTY GRAPH and the name.
 */
struct str graph_body(struct arena *arena, struct str description,
		      const struct value *entities,
		      const struct value *relationships);

#endif
