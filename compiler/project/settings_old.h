/* Keys of dataform.json that only versions 1 and 2 of Dataform knew. */
#ifndef COMPILER_SETTINGS_OLD_H
#define COMPILER_SETTINGS_OLD_H

struct arena;
struct diags;
struct source;
struct value;

/* Takes them out of *object, with one warning for all; gcloudProjectId stays
 * as defaultDatabase where that is missing. */
void settings_drop_old(struct value *object, const struct source *src,
		       struct arena *arena, struct diags *diags);

#endif
