/** What a schedule may contain. */
export interface ScheduleOptions {
    /** Lost messages, frozen and restarted servers, killed and cut off processes. @default true */
    readonly faults?: boolean;
    /** Milliseconds of simulated time with calls. @default 800 */
    readonly length?: number;
    /** Hears what happens, line by line. */
    readonly tell?: (line: string) => void;
}
/** How a schedule went. */
export interface Outcome {
    readonly seed: number;
    readonly broken: readonly string[];
    readonly reads: number;
    readonly loads: number;
    readonly steps: number;
}
/** Runs the schedule of a seed. */
export declare function runSchedule(seed: number, options?: ScheduleOptions): Promise<Outcome>;
