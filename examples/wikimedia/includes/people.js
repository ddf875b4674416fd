// An IPv4 or IPv6 address has no other characters than these. Plain SQL that
// BigQuery, DuckDB and PostgreSQL all understand.
function isAnonymous(column) {
  const v4 = `translate(${column}, '0123456789.', '') = '' and ${column} like '%.%.%.%'`;
  const v6 = `translate(upper(${column}), '0123456789ABCDEF:', '') = '' and ${column} like '%:%:%'`;
  return `coalesce((${v4}) or (${v6}), false)`;
}

module.exports = {
  isAnonymous
};
