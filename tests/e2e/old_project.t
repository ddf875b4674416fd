#!/bin/sh
# A project of Dataform 2 for PostgreSQL: as it stands it builds there, once
# weir.yaml has the lines that weir itself prints.
. tests/lib/tap.sh
. tests/lib/pg.sh
pg_start
mkdir -p "$tmp/p/definitions"
cd "$tmp/p" || exit 1
cat >dataform.json <<END
{
  "warehouse": "postgres",
  "defaultSchema": "old_shop",
  "assertionSchema": "old_checks",
  "useRunCache": false,
  "concurrentQueryLimit": 3,
  "idempotentActionRetries": 1
}
END
cat >package.json <<END
{ "dependencies": { "@dataform/core": "2.6.7" } }
END
cat >.df-credentials.json <<END
{ "host": "db.shop", "port": 5432, "username": "shop", "password": "hunter2",
  "databaseName": "shop", "ssl": false }
END
# shellcheck disable=SC2016 # the refs are weir's to expand
cat >definitions/orders.sqlx <<'END'
config { type: "table", assertions: { uniqueKey: ["id"] } }
select 1 as id, 20 as amount union all select 2, 35
post_operations {
  create index on ${self()} (id)
}
END
# shellcheck disable=SC2016
cat >definitions/big.sqlx <<'END'
config { type: "incremental", uniqueKey: ["id"] }
select id, amount from ${ref("orders")} where amount > 30
  ${when(incremental(), `and id > (select max(id) from ${self()})`)}
END
# shellcheck disable=SC2016
cat >definitions/named.js <<'END'
publish("total", { type: "view" }).query(ctx => `select sum(amount) as n from ${ctx.ref("old_shop", "big")}`);
operate("note").queries(ctx => `comment on view ${ctx.ref("total")} is 'all of it'`);
END

run weir run
is "$status" 2 "without a target the project is not run"
like "$err" 'host=db.shop port=5432 dbname=shop user=shop' \
	"the lines to add say what the old credentials say"
unlike "$err$out" hunter2 "but no password"
unlike "$err" sslmode "nor encryption that they do not ask for"
{
	printf '%s\n' "$err" | sed -n 's/^          //p'
} >weir.yaml
run env PGPASSWORD=x "$WEIR" compile
is "$status" 0 "the printed lines are a weir.yaml"
[ "$status" = 0 ] || show_run
is "$(printf '%s\n' "$err" | grep -c '^warning')" 1 "the old keys are one warning"

sed "s|connection: .* }|connection: \"$PGURL\" }|" weir.yaml >new
mv new weir.yaml
run weir run
is "$status" 0 "the project builds on PostgreSQL as it stands"
[ "$status" = 0 ] || show_run
is "$(postgres 'select n from old_shop.total')" 35 "the view reads the tables"
is "$(postgres "select obj_description('old_shop.total'::regclass)")" \
	"all of it" "the operation ran behind it"
run weir run
is "$status" 0 "and again, over what it built"
is "$(postgres 'select count(*) from old_shop.big')" 1 "nothing is added twice"
run weir compile --json
like "$out" '"warehouse": "postgres"' "the graph keeps the warehouse"
finish
