export { createFakeClock } from './fake-clock.js';
export { flakyTier } from './flaky-tier.js';
export { logConformance } from './log-conformance.js';
export { mapTier } from './map-tier.js';
export { tierConformance } from './tier-conformance.js';
//# sourceMappingURL=index.js.map