/* Bounds that several modules must agree on. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* Arrays and objects inside one another, whatever is read: YAML, JSON
	 * or a JavaScript object. */
	VALUE_DEPTH_MAX = 100,
	/* Of a project. Folders that link to one another have no end. */
	WALK_ENTRIES_MAX = 200000,
	/* What is written. A value of metadata is written with three levels
	 * for each of its own, some levels inside the graph. */
	JSON_DEPTH_MAX = 3 * VALUE_DEPTH_MAX + 16,
};

#endif
