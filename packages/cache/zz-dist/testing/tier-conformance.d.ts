import type { Tier } from '../tier.ts';
import type { FakeClock } from './fake-clock.ts';
/** An empty tier under test, on a clock that the suite moves. */
export interface TierUnderTest {
    readonly tier: Tier;
    readonly clock: FakeClock;
    /** Throws away what was opened. */
    readonly close: () => Promise<void>;
}
/** One case of a conformance suite: `for (const { name, run } of cases) test(name, run)`. */
export interface ConformanceCase {
    readonly name: string;
    readonly run: () => Promise<void>;
}
/**
 * The cases that every tier passes; `open` gives an empty one each time. They use node:assert alone, so any
 * runner will do: `for (const { name, run } of tierConformance(open)) test(name, run)`.
 */
export declare function tierConformance(open: () => Promise<TierUnderTest>): readonly ConformanceCase[];
