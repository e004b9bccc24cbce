/** Units of a written duration, in milliseconds. */
declare const units: {
    readonly ms: 1;
    readonly s: 1000;
    readonly m: 60000;
    readonly h: 3600000;
    readonly d: 86400000;
    readonly w: 604800000;
};
/** A length of time: milliseconds, or a number with a unit such as `'150ms'`, `'30m'`, `'1.5h'`, `'7d'`. */
export type Duration = number | `${number}${keyof typeof units}`;
/**
 * Milliseconds of a duration.
 * @throws E_OPTION_INVALID when it is neither a number nor a number with a unit
 */
export declare function milliseconds(duration: Duration, name?: string): number;
/** A rule that tells when an entry made at `now` ends, from a calendar instead of a length of time. */
export interface CalendarRule {
    /** The instant of the end, in milliseconds since 1970; always after `now`. */
    endsAt(now: number): number;
    /** How the rule is shown to people, such as `end of day in Asia/Shanghai`. */
    readonly describes: string;
}
/**
 * Expiry at the next midnight of a named zone (row D3). An entry made in the last moments of a day lives at
 * least `minimum` (1 s unless told), so that nothing is born expired.
 * @throws E_TTL_INVALID when the zone is unknown
 */
export declare function endOfDay(zone: string, options?: {
    minimum?: Duration;
}): CalendarRule;
/** How long an entry stays fresh: a duration, `Infinity` for ever, or a calendar rule. 0 and less mean "do not keep". */
export type Ttl = Duration | CalendarRule;
/**
 * The end of the fresh life of an entry made at `now`, in milliseconds since 1970; `Infinity` for ever; at or
 * before `now` when it is not to be kept.
 * @throws E_TTL_INVALID for anything else, `undefined` included: a missing TTL is never a default by accident
 */
export declare function freshUntil(ttl: Ttl, now: number): number;
export {};
