/* weir: compiles Dataform-style projects and runs their graphs. */
#include "cli/cmd.h"

int main(int argc, char **argv)
{
	return cli_run(argc, argv);
}
