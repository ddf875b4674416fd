# shellcheck shell=sh
# A project to run weir in:
#
#	. tests/lib/tap.sh
#	. tests/lib/project.sh
#	project_start

# Makes $tmp/p, a project with no files yet and no weir.yaml, whose default
# dataset is out, and goes there.
# shellcheck disable=SC2154 # tap.sh sets tmp
project_start() {
	mkdir -p "$tmp/p/definitions"
	cd "$tmp/p" || exit 1
	cat >workflow_settings.yaml <<-END
		dataformCoreVersion: 3.0.62
		defaultProject: p
		defaultDataset: out
	END
}
