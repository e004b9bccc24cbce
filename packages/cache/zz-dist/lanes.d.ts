/**
 * One lane per key for writes to the tiers below memory: they run one after another in the order in which
 * they were called, whatever connections a tier uses, so that a deletion is never overtaken by an older store.
 */
export interface Lanes {
    /** Runs work once everything called before for any of these keys has ended. */
    run<T>(keys: readonly string[], work: () => Promise<T>): Promise<T>;
    /** Resolves when nothing is under way. */
    idle(): Promise<void>;
}
/** Lanes with nothing under way. */
export declare function createLanes(): Lanes;
