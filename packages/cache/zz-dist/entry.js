/** The one rule of freshness. */
export function freshness(end, now, windows) {
    if (now < end)
        return 'fresh';
    const age = now - end;
    if (age < windows.staleWhileRevalidate)
        return 'stale';
    return age < windows.staleIfError ? 'fallback' : 'dead';
}
/** When nothing of an entry can be served any more. */
export function keepUntil(end, windows) {
    return end + Math.max(windows.staleWhileRevalidate, windows.staleIfError);
}
//# sourceMappingURL=entry.js.map