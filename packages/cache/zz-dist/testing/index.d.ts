export { type FakeClock, createFakeClock } from './fake-clock.ts';
export { type Fault, type FaultyOperation, type FlakyTier, flakyTier } from './flaky-tier.ts';
export { type LogsUnderTest, logConformance } from './log-conformance.ts';
export { mapTier } from './map-tier.ts';
export { type ConformanceCase, type TierUnderTest, tierConformance } from './tier-conformance.ts';
