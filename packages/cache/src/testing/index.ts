export { type FakeClock, createFakeClock } from './fake-clock.ts'
export { type Fault, type FaultyOperation, type FlakyTier, flakyTier } from './flaky-tier.ts'
export { mapTier } from './map-tier.ts'
