let x=1
