import { type Engine } from './engine.ts';
import { type FoundEntry, type Target } from './revive.ts';
import type { Ticket } from './ticket.ts';
/** What the tiers below memory have, nearest first; copied up into memory with its remaining life unless the ticket was broken meanwhile. */
export declare function readTiers(engine: Engine, target: Target, ticket: Ticket): Promise<FoundEntry | undefined>;
