#!/usr/bin/env python3
"""generate.py FOLDER MODELS: writes a project of that many models.

The shape is that of a large analytics project: five layers, each model reading
one to three of the layer below, a tenth incremental, an include called in each,
and every second one with eight documented columns and a uniqueKey assertion.
The same arguments always give the same files.
"""
import os
import sys

LAYERS = ["staging", "base", "core", "marts", "reports"]
SOURCES = 20
COLUMNS = [
    ("id", "The key of the row"),
    ("customer_id", "Who ordered"),
    ("product_id", "What was ordered"),
    ("amount", "What it cost, in the currency of the shop"),
    ("currency", "ISO 4217 code"),
    ("created_at", "When the row was first seen"),
    ("updated_at", "When the row last changed"),
    ("is_deleted", "Whether the source has dropped the row"),
]

SETTINGS = """\
defaultProject: bench
defaultLocation: US
defaultDataset: analytics
defaultAssertionDataset: assertions
vars:
  horizon: "2020-01-01"
"""

INCLUDE = """\
const COLUMNS = ["amount", "updated_at"];

function latest(table, key) {
  return `row_number() over (partition by ${key} order by ${table}.updated_at desc)`;
}

function cents(column) {
  return `cast(round(${column} * 100) as int64)`;
}

module.exports = { COLUMNS, latest, cents };
"""


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def name(number):
    return f"model_{number:05d}"


def inputs(number, models):
    """The names that a model reads: sources in the lowest layer."""
    size = (models + len(LAYERS) - 1) // len(LAYERS)
    layer, place = divmod(number, size)
    if layer == 0:
        return [f"source_{place % SOURCES:02d}"]
    below = (layer - 1) * size
    picks = [(place * 7 + k * 13) % size for k in range(1 + place % 3)]
    return [name(below + pick) for pick in dict.fromkeys(picks)]


def config(number, layer):
    kind = "incremental" if number % 10 == 3 else "table" if number % 2 else "view"
    lines = [f'  type: "{kind}",', f'  schema: "{layer}",', f'  tags: ["{layer}", "daily"],']
    if number % 2 == 0:
        lines.append(f'  description: "Model {number}, layer {layer}",')
        lines.append("  columns: {")
        lines += [f'    {key}: "{text}",' for key, text in COLUMNS]
        lines.append("  },")
        lines.append('  assertions: { uniqueKey: ["id"] },')
    return "config {\n" + "\n".join(lines) + "\n}\n"


def model(number, models):
    size = (models + len(LAYERS) - 1) // len(LAYERS)
    layer = LAYERS[number // size]
    refs = inputs(number, models)
    sql = "select\n  a.id,\n  a.customer_id,\n  a.product_id,\n"
    sql += '  ${shop.cents("a.amount")} as amount,\n'
    sql += "  a.currency, a.created_at, a.updated_at, a.is_deleted,\n"
    sql += '  ${shop.latest("a", "a.customer_id")} as recency\n'
    sql += f'from ${{ref("{refs[0]}")}} as a\n'
    for alias, ref in zip("bc", refs[1:]):
        sql += f'left join ${{ref("{ref}")}} as {alias} using (id)\n'
    sql += "where a.created_at >= '${dataform.projectConfig.vars.horizon}'\n"
    if number % 10 == 3:
        sql += (
            "${when(incremental(), "
            "`and a.updated_at > (select max(updated_at) from ${self()})`)}\n"
        )
    return config(number, layer) + "\n" + sql


def generate(folder, models):
    write(f"{folder}/workflow_settings.yaml", SETTINGS)
    write(f"{folder}/includes/shop.js", INCLUDE)
    for source in range(SOURCES):
        write(
            f"{folder}/definitions/sources/source_{source:02d}.sqlx",
            'config { type: "declaration", schema: "raw" }\n',
        )
    size = (models + len(LAYERS) - 1) // len(LAYERS)
    for number in range(models):
        layer = LAYERS[number // size]
        path = f"{folder}/definitions/{layer}/{name(number)}.sqlx"
        write(path, model(number, models))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    generate(sys.argv[1], int(sys.argv[2]))
