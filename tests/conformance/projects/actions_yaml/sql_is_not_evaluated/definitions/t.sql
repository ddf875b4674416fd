config { type: "view" }
select '${1 + 1}', '\n', `x`
---
select 2
