/**
 * A model of the scripts of the Redis store: each method is what one script does, whole and at one instant. A
 * differential test holds it to the real scripts. It can lose its data, or keep it and change its run id, as a
 * restart does.
 */
import type { AcquireOptions, Acquired, LogRecord, SharedFailure, SharedHead } from '../../shared.ts';
import type { TierRecord } from '../../tier.ts';
/** The model of one Redis. */
export interface ModelServer {
    head(): SharedHead;
    join(): SharedHead & {
        marks: Map<string, number>;
    };
    read(key: string): TierRecord | undefined;
    acquire(key: string, options: AcquireOptions): Acquired;
    extend(key: string, token: string, lease: number): boolean;
    store(record: TierRecord, options: {
        token: string;
        version: string;
        life: number;
    }): boolean;
    release(key: string, token: string, failure?: SharedFailure): boolean;
    steal(key: string, token: string, lease: number): SharedHead;
    remove(keys: readonly string[]): number;
    append(record: Omit<LogRecord, 'n'>): SharedHead;
    after(n: number): {
        records: LogRecord[];
        gap: boolean;
    };
    prune(floor: number): void;
    keys(prefix: string): string[];
    time(): number;
    /** A restart: with its data or without. Either way the run id is another. */
    restart(keepsData: boolean): void;
    /** Forgets the oldest records of the log. */
    trim(keep: number): void;
    /** Called with each key whose lease ends. */
    onWake: (key: string) => void;
}
/** A model with nothing in it. */
export declare function createModelServer(options: {
    readonly time: () => number;
    readonly random: () => number;
}): ModelServer;
