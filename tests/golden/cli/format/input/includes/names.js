function full(a){ return a+"_x" }
module.exports={full}
