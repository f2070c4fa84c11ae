export { scoreFrom, type ScoreDefinition, type ScoreFile } from './definition.js';
export { isPurchase, purchaseFrom, type Purchase } from './purchase.js';
export { rfm, rfmCell, type RfmInput, type RfmScore } from './rfm.js';
