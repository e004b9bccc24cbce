import type { BoundSpace } from './catalog.ts';
import { type Engine } from './engine.ts';
import { type Entry } from './entry.ts';
import type { MemoryRecord } from './memory.ts';
import type { FoundEntry, Target } from './revive.ts';
import type { Ticket } from './ticket.ts';
/** Whether memory may answer for a space: `bounded` ones only while the log was confirmed lately, `strict` ones never. */
export declare function trusted(engine: Engine, space: BoundSpace): boolean;
/** The living record of a key in memory, fresh or within its windows; counted as used. */
export declare function readMemory(engine: Engine, { space, key }: Target): MemoryRecord | undefined;
/** Counts a fresh answer from a tier. */
export declare function countHit(engine: Engine, space: BoundSpace, tier: string, entry: Entry): void;
/** What the tiers or the shared store below memory have, copied up with its remaining life unless the ticket was broken meanwhile. */
export declare function readBelow(engine: Engine, target: Target, ticket: Ticket): Promise<FoundEntry | undefined>;
/** What every tier has for a key, without a loader. */
export declare function lookUp(engine: Engine, target: Target): Promise<FoundEntry | undefined>;
