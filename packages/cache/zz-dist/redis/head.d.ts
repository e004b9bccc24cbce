import type { SharedHead } from '../shared.ts';
import type { RedisArgument } from './client.ts';
import type { CatalogKeys } from './keys.ts';
import type { Link } from './link.ts';
import { type Script } from './script.ts';
import type { RedisSettings } from './settings.ts';
/**
 * Where the log stands. The head script tells it together with the server's time and run; on a connection whose
 * server's run is known, the mirror, a plain string, tells the same: it names the run it was written under, and
 * another one (a failover that this connection followed) sends the reader to the script, which begins a new era.
 */
export interface Heads {
    /** Server's time less ours; too large by at most the time of one answer, so that a life is never lengthened. */
    offset(): number;
    /** The same, too small by at most the time of one answer: for ends of lives that the server is told. */
    leastOffset(): number;
    /** Whether the mirror is enough for now on this connection. */
    mirrorServes(link: Link): boolean;
    /** The head that a mirror shows, or undefined when the script must be asked. */
    fromMirror(link: Link, mirror: unknown): SharedHead | undefined;
    /** The head, by the shortest way. */
    read(link: Link): Promise<SharedHead>;
    /** The head by a script that answers like head.lua, and the whole answer. */
    ask(link: Link, script: Script, ...args: RedisArgument[]): Promise<{
        readonly head: SharedHead;
        readonly answer: readonly unknown[];
    }>;
}
/** Heads of a catalog. */
export declare function makeHeads(settings: RedisSettings, keys: CatalogKeys): Heads;
