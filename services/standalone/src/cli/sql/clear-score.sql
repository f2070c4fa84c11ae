TRUNCATE score.purchases, score.survivors, score.recomputations, score.scores
