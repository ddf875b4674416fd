/* Projects of Dataform 1 and 2, whose dataform.json names a warehouse. */
#ifndef CLI_OLD_PROJECT_H
#define CLI_OLD_PROJECT_H

#include "cli/project.h"

/* False if the project's warehouse is BigQuery, or not said. Else err says
 * what to write into weir.yaml, with what .df-credentials.json knows; a
 * password is never said. */
bool old_project_refuse(const struct project *p, struct error *err);

#endif
