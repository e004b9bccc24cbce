import type { Shared } from '../../shared.ts';
import type { Scheduler } from './scheduler.ts';
import type { ModelServer } from './server.ts';
/** What is wrong with the world at the moment. */
export interface Weather {
    /** Longest delay of one leg, in milliseconds. */
    delay: number;
    /** Share of legs that are lost. */
    loss: number;
    /** Until when the server does nothing, in the scheduler's time. */
    frozenUntil: number;
}
/** What a link joins. */
export interface LinkOptions {
    readonly server: ModelServer;
    readonly scheduler: Scheduler;
    readonly random: () => number;
    readonly weather: Weather;
    /** The clock of the process. */
    readonly now: () => number;
    readonly alive: () => boolean;
    /** Milliseconds after which a call is given up. */
    readonly deadline: number;
}
/** A process's way to the server. `cut` means that nothing passes in either direction. */
export interface Link {
    readonly shared: Shared;
    cut: boolean;
}
/** Joins a process to the server. */
export declare function createLink(options: LinkOptions): Link;
