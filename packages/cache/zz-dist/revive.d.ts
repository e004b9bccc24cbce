import type { BoundSpace } from './catalog.ts';
import { type Engine } from './engine.ts';
import { type Entry } from './entry.ts';
import type { AnyParams } from './template.ts';
import type { TierRecord } from './tier.ts';
/** One key being read. */
export interface Target {
    readonly space: BoundSpace;
    readonly key: string;
    readonly params: AnyParams;
}
/** An entry that was found in a tier. */
export interface FoundEntry {
    readonly entry: Entry;
    readonly tier: string;
}
/** A record as a tier returned it; `offset` is what its times are ahead of this process. */
export interface StoredRecord {
    readonly tier: string;
    readonly record: TierRecord;
    readonly offset?: number;
}
/** The entry of a stored record as it may be used: readable, of this key, alive, within its windows and true to its schema. */
export declare function revive(engine: Engine, target: Target, stored: StoredRecord): Promise<Entry | undefined>;
