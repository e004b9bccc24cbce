/** One thing to have ready: a name for reports, and the read that loads it. */
export interface WarmJob {
    readonly name: string;
    /** Usually `() => handle.getOrLoad(params, loader)`. */
    readonly run: () => Promise<unknown>;
}
/** Options of a warm-up. */
export interface WarmOptions {
    /** Jobs at a time. @default 4 */
    readonly concurrency?: number;
    /** Called after each job. */
    readonly onProgress?: (progress: {
        readonly done: number;
        readonly total: number;
        readonly name: string;
        readonly error?: unknown;
    }) => void;
}
/** What a warm-up did. */
export interface WarmReport {
    readonly done: number;
    readonly failed: readonly {
        readonly name: string;
        readonly error: unknown;
    }[];
    readonly milliseconds: number;
}
/** Runs jobs a few at a time, and reports each. */
export declare function warm(jobs: readonly WarmJob[], options: WarmOptions & {
    readonly now: () => number;
}): Promise<WarmReport>;
