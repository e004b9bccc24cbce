import type { Shared } from '../shared.ts';
import type { RedisClient } from './client.ts';
import type { RedisSettings } from './settings.ts';
/** Hears of ended leases, on a connection that is made with the first listener. */
export interface Wakes extends Pick<Shared, 'onWake'> {
    close(): void;
}
/** What wake-ups need of the store around them. */
export interface WakeContext {
    readonly settings: RedisSettings;
    readonly channel: string;
    /** A client to make this one's connection from. */
    readonly client: () => RedisClient;
    readonly onError: (error: unknown) => void;
}
/** Wake-ups of a channel. A client subscribes again by itself after a lost connection; what came meanwhile is lost. */
export declare function makeWakes(context: WakeContext): Wakes;
