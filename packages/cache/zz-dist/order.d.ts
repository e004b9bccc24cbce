import type { Position } from './entry.ts';
import type { LogHead } from './log.ts';
/** The mark of a tag. */
export declare const tagMark: (tag: string) => string;
/** The mark of a space. */
export declare const spaceMark: (space: string) => string;
/** The mark of a tenant. */
export declare const tenantMark: (tenant: string) => string;
/** What this process knows of the log: where it stands, and the newest number of each mark. */
export interface Order {
    /** The position now; the same object until it changes. */
    position(): Position;
    /** The position, or a later one that this process has itself been given: what begins now is no older than that. */
    latest(): Position;
    /** Says that the log gave this process a number. */
    confirm(position: Position): void;
    /** Sets marks to a number, without moving the position. */
    mark(n: number, marks: readonly string[]): void;
    /** Moves the position on; never back within an era. */
    advance(position: Position): void;
    /** Raises the floor to what the log says. */
    raiseFloor(floor: number): void;
    /** Starts anew from a head of the log. */
    reset(head: LogHead): void;
    /** Changes whenever a mark, the floor or the era does: what was compared at one revision need not be compared again. */
    readonly revision: number;
    /**
     * What makes a value from `asOf` a miss: a mark that is newer, `era` when it is from another order of things,
     * `floor` when its marks may have been forgotten; undefined while it lives.
     */
    deadBy(asOf: Position, marks: readonly string[]): {
        readonly mark: string;
        readonly n: number;
    } | undefined;
    /** Forgets marks so that at most `keep` are left; resolves to the new floor, or undefined when there was nothing to forget. */
    prune(keep: number): number | undefined;
    readonly marks: number;
}
/** The order of a process that has joined its log. */
export declare function createOrder(head: LogHead): Order;
