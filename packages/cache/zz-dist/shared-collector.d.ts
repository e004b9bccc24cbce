import type { Shared, SharedHead, SharedKey } from './shared.ts';
import type { TierRecord } from './tier.ts';
/** What a gathered read of the shared store gives for one key. */
export interface SharedReply {
    readonly record: TierRecord | undefined;
    readonly head: SharedHead;
}
/** Reads of the shared store: those of one tick are sent together, with one look at the head of the log for all. */
export type SharedCollector = (key: SharedKey) => Promise<SharedReply>;
/** A collector for the shared store, which keeps its own deadlines. */
export declare function createSharedCollector(shared: Shared): SharedCollector;
