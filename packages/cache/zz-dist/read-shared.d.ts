import { type Engine } from './engine.ts';
import type { Entry } from './entry.ts';
import { type FoundEntry, type Target } from './revive.ts';
import type { TierRecord } from './tier.ts';
import type { Ticket } from './ticket.ts';
/** What a stored record is worth: the entry where it lives, and its version where it can be read. */
export interface Judged {
    readonly entry: Entry | undefined;
    readonly version: string | undefined;
}
/** Judges a record of the shared store, and keeps a living one in memory unless something newer came meanwhile. */
export declare function judge(engine: Engine, target: Target, { record, ticket }: {
    record: TierRecord;
    ticket: Ticket;
}): Promise<Judged>;
/**
 * What the shared store has: judged only after every record of the log up to the head that was read with it.
 * @throws E_TIER_READ in a `strict` space; elsewhere a store that is away is a miss
 */
export declare function readShared(engine: Engine, target: Target, ticket: Ticket): Promise<FoundEntry | undefined>;
