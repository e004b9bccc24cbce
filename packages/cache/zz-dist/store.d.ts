import type { BoundSpace } from './catalog.ts';
import type { Cluster } from './cluster.ts';
import { type Ttl } from './duration.ts';
import { type Engine } from './engine.ts';
import type { Entry, Position, Provenance } from './entry.ts';
import type { Target } from './revive.ts';
import type { Ticket } from './ticket.ts';
import type { Kept } from './value.ts';
/** What an entry is made of, beside its value. */
export interface Making {
    readonly asOf: Position;
    readonly tags: readonly string[];
    readonly meta: Provenance;
    readonly loadTime: number;
    /** Instead of the space's TTL. */
    readonly ttl?: Ttl;
}
/** The entry of a value, or undefined when its TTL says "do not keep". @throws E_TTL_INVALID */
export declare function makeNewEntry(engine: Engine, target: Target, kept: Kept, making: Making): Entry | undefined;
/** An entry on its way to the tiers, under the ticket that may put it there. */
export interface Store {
    readonly target: Target;
    readonly entry: Entry;
    readonly ticket: Ticket;
    /** The token of the lease under which a shared store takes it; without one it stays out of there. */
    readonly lease?: string | undefined;
}
/** Puts entries in memory; whatever was under way on their keys is cut off. */
export declare function putMemory(engine: Engine, stores: readonly Store[]): void;
/**
 * Puts entries in memory at once and in the tiers below in the order of calls; whatever was under way on their
 * keys is cut off. Resolves when the tiers have them; rejects when one could not be written, after dropping
 * the memory copies, since what that tier holds is then unknown.
 * @throws E_TIER_WRITE
 */
export declare function putAll(engine: Engine, stores: readonly Store[]): Promise<void>;
/** Stores under leases, each in one script that succeeds only while its lease holds. */
export declare function putShared(engine: Engine, { shared }: Cluster, stores: readonly Store[]): Promise<void>;
/** Provenance with the space's own cost where the loader told none, for the ledger. */
export declare function costOf(space: BoundSpace, meta: Provenance): number;
