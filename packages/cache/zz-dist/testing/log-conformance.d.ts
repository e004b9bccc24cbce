import type { InvalidationLog } from '../log.ts';
import type { ConformanceCase } from './tier-conformance.ts';
/** A place where logs are kept, empty at first. */
export interface LogsUnderTest {
    /** The log of a catalog; called again, the same log as a process that starts later would join it. */
    readonly log: (catalog: string) => InvalidationLog;
    readonly close: () => Promise<void>;
}
/** The cases that every invalidation log passes; `open` gives an empty place each time. */
export declare function logConformance(open: () => Promise<LogsUnderTest>): readonly ConformanceCase[];
