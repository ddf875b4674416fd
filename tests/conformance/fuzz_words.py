"""What the fuzzer puts into projects: words of configs, settings and calls."""

VALUES = [
    '"x"', '""', '"true"', "0", "1", "-1", "1.5", "30", "true", "false", "null", "undefined",
    "[]", '["a"]', '["a", "b"]', "[1]", '[""]', "[null]", '[["a"], ["b"]]', "{}", '{ a: "b" }',
    "{ a: 1 }", '{ name: "b" }', '{ dataset: "ds", name: "b" }', '"b"', '"a.b"', '"table"', '"view"',
    '"incremental"', '"operations"', '"assertion"', '"declaration"', '"test"', '"dataPreparation"',
    '"MERGE"', '"EXTEND"', "`t`", "() => 1", '"it\'s"', '"\\n"', '"é"',
]  # fmt: skip

KEYS = [
    "type", "name", "dataset", "schema", "project", "database", "filename", "fileName", "description",
    "columns", "tags", "disabled", "dependencies", "dependencyTargets", "labels", "partitionBy",
    "partitionExpirationDays", "requirePartitionFilter", "clusterBy", "additionalOptions", "hermetic",
    "preserveGovernanceControls", "reservation", "metadata", "overview", "extraProperties",
    "preOperations", "postOperations", "bigquery", "assertions", "uniqueKey", "uniqueKeys", "nonNull",
    "rowConditions", "materialized", "protected", "onSchemaChange", "incrementalStrategy",
    "updatePartitionFilter", "incrementalPredicates", "hasOutput", "iceberg", "bucketName",
    "connection", "fileFormat", "tableFolderRoot", "tableFolderSubpath", "includeDependentAssertions",
    "dependOnDependencyAssertions", "location", "errorTable", "loadMode", "mode", "incrementalColumn",
    "retentionDays", "path", "bigqueryPolicyTags", "vars", "unknown", "constructor", "toString",
]  # fmt: skip

CALLS = [
    '.query("select 1")', ".query(ctx => `select ${ctx.self()}`)", '.preOps("x")', '.postOps(["x", "y"])',
    ".disabled()", ".disabled(false)", '.tags("x")', '.tags(["x", "x"])', '.description("d")',
    '.dependencies("b")', '.dependencies(["a", { name: "b" }])', '.schema("s2")', '.database("p2")',
    '.bigquery({ partitionBy: "d" })', '.bigquery({ labels: { a: "b" } })', ".hermetic(true)",
    '.columns([{ path: ["x"], description: "d" }])', '.columns({ x: "d" })', '.type("table")',
    '.assertions({ uniqueKeys: [{ uniqueKey: ["x"] }], nonNull: ["y"] })', ".protected()",
    '.uniqueKey(["x"])', ".materialized(true)", ".setDependOnDependencyAssertions(true)",
    '.where("x > 1")', '.queries("select 1")', '.queries(["a", "b"])', ".hasOutput(true)",
    '.jitCode(jctx => "select 1")', '.dataset("a")', '.input("b", "select 1")', '.expect("select 1")',
    ".ipynb({ cells: [] })", ".unknown()", ".query()", ".tags()", ".description(5)", ".query(5)",
]  # fmt: skip

SETTINGS_LINES = [
    "defaultProject: other\n", "defaultDataset: other\n", "projectSuffix: ps\n", "datasetSuffix: dsf\n",
    "namePrefix: np\n", "builtinAssertionNamePrefix: bi\n", "disableAssertions: true\n",
    "includeTestsInCompiledGraph: true\n", "preserveGovernanceControls: true\n", "defaultLocation: EU\n",
    "defaultReservation: r\n", "vars:\n  a: b\n", "vars: {}\n", "vars:\n  a: 1\n", "vars: []\n",
    "defaultIcebergConfig:\n  bucketName: b\n", "defaultNotebookRuntimeOptions:\n  outputBucket: b\n",
    "unknownKey: 1\n", "datasetSuffix: 5\n", "disableAssertions: 0\n", "namePrefix: ''\n", "vars: x\n",
    "extension: {}\n", "defaultLocation: [a]\n", "defaultLocation: {}\n", "# words\n", "---\n", "x\n",
]  # fmt: skip

OPTIONS = [
    "--default-schema=s9", "--default-database=p9", "--assertion-schema=c9", "--schema-suffix=x9",
    "--database-suffix=y9", "--table-prefix=t9", "--disable-assertions", "--vars=a=1,z=2",
    "--default-location=EU", "--default-reservation=r9",
]  # fmt: skip
