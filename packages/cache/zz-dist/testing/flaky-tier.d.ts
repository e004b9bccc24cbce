import type { Tier } from '../tier.ts';
/** What a flaky tier does to the calls of one operation: throw, never answer until healed, lie that nothing is there, or wait until released. */
export type Fault = 'throw' | 'hang' | 'lie';
/** The operations that can be made to fail. */
export type FaultyOperation = 'read' | 'write' | 'remove' | 'list' | 'sweep' | 'ping';
/** A tier that fails on command. */
export interface FlakyTier extends Tier {
    /** Makes an operation fail from now on. */
    break(operation: FaultyOperation, fault: Fault): void;
    /** Lets everything work again; calls that hang go on now. */
    heal(): void;
    /** How often each operation was called. */
    readonly calls: Readonly<Record<FaultyOperation, number>>;
}
/** Wraps a tier so that it throws, hangs or lies on command. */
export declare function flakyTier(tier: Tier): FlakyTier;
