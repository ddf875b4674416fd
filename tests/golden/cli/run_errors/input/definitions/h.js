publish("h", {type: "view"}).query(ctx => `select *
  from nada
  where x`)
