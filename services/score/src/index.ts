export { loadScores } from './load-scores.js';
export { scoreConsumer, scoreConsumerOf } from './score.consumer.js';
export { ScoreModule } from './score.module.js';
