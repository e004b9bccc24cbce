/** The names for a prefix. No entry has such a key, since an entry's key begins with the prefix itself. */
export function catalogKeys(prefix) {
    return Object.freeze({
        hash: `{${prefix}}:h`,
        log: `{${prefix}}:log`,
        mirror: `{${prefix}}:head`,
        wake: `{${prefix}}:wake`,
        descriptor: `{${prefix}}:d`,
    });
}
/** The keys beside an entry, in its slot. */
export const leaseKey = (key) => `{${key}}:l`;
export const failureKey = (key) => `{${key}}:f`;
export const sidecarKey = (key) => `{${key}}:s`;
/** A text as a glob pattern that matches only itself. */
export function escapeGlob(literal) {
    return literal.replace(/[*?[\]\\^]/g, '\\$&');
}
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
    let crc = byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
        crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
    return crc & 0xffff;
});
/** The Cluster slot of a key without braces: CRC16 (XMODEM) modulo 16384. */
export function slotOf(key) {
    let crc = 0;
    for (const byte of Buffer.from(key))
        crc = ((crc << 8) ^ table[(crc >> 8) ^ byte]) & 0xffff;
    return crc & 16_383;
}
/** Indexes of keys by the slot they are in, in the order they came. */
export function groupBySlot(keys) {
    const groups = new Map();
    keys.forEach((key, index) => {
        const slot = slotOf(key);
        const group = groups.get(slot);
        if (group === undefined)
            groups.set(slot, [index]);
        else
            group.push(index);
    });
    return [...groups.values()];
}
//# sourceMappingURL=keys.js.map