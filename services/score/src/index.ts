export { loadScores } from './load-scores.js';
export { scoreConsumer } from './score.consumer.js';
export { ScoreModule } from './score.module.js';
