#!/bin/sh
# weir doctor and weir show against PostgreSQL: what works, what does not, and
# nothing that came from the environment.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start
pg "create role guest login"
pg "revoke create on database postgres from public"

mkdir -p "$tmp/shop/definitions"
cd "$tmp/shop" || exit 1
cat >workflow_settings.yaml <<-'END'
	defaultProject: p
	defaultDataset: shop
END
# shellcheck disable=SC2016 # weir fills it in
echo 'targets: { pg: { warehouse: postgres, connection: "${env:SHOP}" } }' \
	>weir.yaml
echo 'config { type: "table" } select 1 as id' >definitions/one.sqlx

export SHOP="$PGURL"
run weir doctor
is "$status" 0 "doctor is content with a server that is there"
like "$out" '^  ok    connection    PostgreSQL [0-9]+' "and names its version"
like "$out" '^  ok    permissions ' "and what it allows"
run weir run
is "$status" 0 "a run succeeds"
run weir show one --rows 5
is "$out" "id
1" "show prints the rows"

guest="${PGURL%user=*}user=guest dbname=postgres"
SHOP="$guest" run weir doctor
is "$status" 0 "a role that may not create schemas needs none"
SHOP="$guest" run weir doctor --schema-suffix new
is "$status" 4 "but is no success where one is missing"
like "$out" '^  FAIL  permissions   guest may not .* lacks shop_new$' \
	"which is named"

SHOP="host=/nonexistent/secret-of-mine" run weir doctor
is "$status" 4 "a server that is not there is no success"
like "$out" '^  FAIL  connection ' "the connection is what fails"
unlike "$out$err" 'host=/nonexistent' "the connection string is not printed"
SHOP="host=/nonexistent/secret-of-mine" run weir run
is "$status" 4 "nor does a run get anywhere"
unset SHOP
run weir doctor
is "$status" 3 "a variable that is not set is an error of weir.yaml"
cd "$root" || exit 1
finish
