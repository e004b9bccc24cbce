import { type Cache } from '../../cache.ts';
import type { SpaceHandle } from '../../handle.ts';
import { type Space, type SpaceBase } from '../../space.ts';
import { type Link, type Weather } from './link.ts';
import type { Scheduler } from './scheduler.ts';
import type { ModelServer } from './server.ts';
/** How long `bounded` entries of the simulation may be behind, in milliseconds. */
export declare const bound = 150;
/** The spaces of the simulation, one for each way to trust memory. */
export declare const spaces: readonly [SpaceBase, SpaceBase, SpaceBase];
/** The handle of a space of the simulation. */
export type Handle = SpaceHandle<Space<string, '{id}', number>>;
/** One process of the simulated cluster, from its start to its end. */
export interface SimulatedProcess {
    readonly name: string;
    readonly link: Link;
    readonly cache: Cache;
    readonly startedAt: number;
    alive: boolean;
    handle(space: string): Handle;
}
/** Where processes run. */
export interface Site {
    readonly scheduler: Scheduler;
    readonly server: ModelServer;
    readonly weather: Weather;
    readonly random: () => number;
}
/** Starts a process; rejects while the server cannot be reached. */
export declare function startProcess(site: Site, name: string): Promise<SimulatedProcess>;
