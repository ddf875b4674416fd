select `id`, ${not("code")}, "\d"
from raw.orders
---
select 2