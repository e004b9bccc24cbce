import { tzOffset } from '@date-fns/tz';
import { RepriseError, quote } from './errors.js';
/** Units of a written duration, in milliseconds. */
const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const pattern = /^(-?\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;
/**
 * Milliseconds of a duration.
 * @throws E_OPTION_INVALID when it is neither a number nor a number with a unit
 */
export function milliseconds(duration, name = 'duration') {
    if (typeof duration === 'number' && !Number.isNaN(duration))
        return duration;
    const match = typeof duration === 'string' ? pattern.exec(duration) : null;
    if (match === null) {
        throw new RepriseError('E_OPTION_INVALID', `${name} is ${quote(duration)}: give milliseconds or a number with a unit (ms, s, m, h, d, w) such as "30m"`);
    }
    return Number(match[1]) * units[match[2]];
}
const day = 86_400_000;
/** Milliseconds that a zone is ahead of UTC at an instant; NaN for an unknown zone. */
const ahead = (zone, instant) => tzOffset(zone, new Date(instant)) * 60_000;
/** The first instant of the day after `now` in a zone. Where clocks change at midnight, that day's midnight may come twice, or not at all. */
function nextDay(zone, now) {
    const midnight = (Math.floor((now + ahead(zone, now)) / day) + 1) * day;
    const offsets = [now, midnight - day, midnight, midnight + day].map((instant) => ahead(zone, instant));
    const candidates = offsets.map((offset) => midnight - offset);
    return Math.min(...candidates.filter((instant) => instant + ahead(zone, instant) >= midnight));
}
/**
 * Expiry at the next midnight of a named zone (row D3). An entry made in the last moments of a day lives at
 * least `minimum` (1 s unless told), so that nothing is born expired.
 * @throws E_TTL_INVALID when the zone is unknown
 */
export function endOfDay(zone, options = {}) {
    const minimum = milliseconds(options.minimum ?? 1_000, 'minimum');
    if (Number.isNaN(ahead(zone, 0))) {
        throw new RepriseError('E_TTL_INVALID', `endOfDay(${quote(zone)}): no such time zone; give an IANA name such as "Asia/Shanghai"`);
    }
    return Object.freeze({
        endsAt: (now) => Math.max(nextDay(zone, now), now + minimum),
        describes: `end of day in ${zone}`,
    });
}
/**
 * The end of the fresh life of an entry made at `now`, in milliseconds since 1970; `Infinity` for ever; at or
 * before `now` when it is not to be kept.
 * @throws E_TTL_INVALID for anything else, `undefined` included: a missing TTL is never a default by accident
 */
export function freshUntil(ttl, now) {
    if (typeof ttl === 'object' && ttl !== null && typeof ttl.endsAt === 'function') {
        const end = ttl.endsAt(now);
        if (typeof end === 'number' && !Number.isNaN(end))
            return end;
        throw new RepriseError('E_TTL_INVALID', `the calendar rule ${quote(ttl.describes)} gives ${String(end)}, which is no instant`);
    }
    if (typeof ttl === 'number' ? Number.isNaN(ttl) : typeof ttl !== 'string' || !pattern.test(ttl)) {
        throw new RepriseError('E_TTL_INVALID', `ttl is ${quote(ttl)}: give milliseconds, a number with a unit such as "30m", Infinity, or a calendar rule`);
    }
    return now + milliseconds(ttl, 'ttl');
}
//# sourceMappingURL=duration.js.map