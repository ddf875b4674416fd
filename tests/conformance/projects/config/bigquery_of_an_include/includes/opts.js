module.exports = {o: {partitionBy: "day", clusterBy: ["a"]}};
