import type { RedisArgument, RedisClient } from './client.ts';
/** A script of the store. */
export interface Script {
    readonly name: string;
    /** Runs it by its digest, or with its text where the server does not know it. */
    run(client: RedisClient, keys: readonly string[], ...args: RedisArgument[]): Promise<unknown>;
}
/** The scripts of the catalog's slot. */
export declare const logScripts: Readonly<{
    head: Script;
    join: Script;
    append: Script;
    prune: Script;
}>;
/** The scripts of the slot of an entry. */
export declare const entryScripts: Readonly<{
    acquire: Script;
    extend: Script;
    store: Script;
    release: Script;
    steal: Script;
    remove: Script;
    readDocument: Script;
}>;
