select '${not_evaluated}', `x`, '\n'
