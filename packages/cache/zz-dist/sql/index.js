export { sqlLog } from './log.js';
export { sqlTier } from './tier.js';
//# sourceMappingURL=index.js.map