import { randomUUID } from 'node:crypto';
import { integer, items, text } from './reply.js';
import { logScripts } from './script.js';
/** Longest time in milliseconds that a measured difference of clocks is used. */
const measureEvery = 500;
/** Heads of a catalog. */
export function makeHeads(settings, keys) {
    const { clock } = settings;
    const slotKeys = [keys.hash, keys.log, keys.mirror];
    let offset = 0;
    let least = 0;
    let measured = -Infinity;
    let seen;
    const ask = async (link, script, ...args) => {
        const sent = clock.now();
        const answer = items(await script.run(link.client, slotKeys, randomUUID(), ...args));
        // An answer that took too long says little about the difference, and its caller has left.
        const received = clock.now();
        if (received - sent <= settings.deadline || measured === -Infinity) {
            const seconds = integer(answer[4]) * 1_000;
            const rest = integer(answer[5]) / 1_000;
            offset = seconds + Math.ceil(rest) - sent;
            least = seconds + Math.floor(rest) - received;
            measured = sent;
        }
        if (link.client.isCluster !== true)
            link.run = text(answer[3]);
        return { head: { era: text(answer[0]), n: integer(answer[1]), floor: integer(answer[2]) }, answer };
    };
    const askHead = async (link) => (await ask(link, logScripts.head)).head;
    const heads = {
        offset: () => offset,
        leastOffset: () => least,
        ask,
        mirrorServes(link) {
            const age = clock.now() - measured;
            return link.run !== undefined && age >= 0 && age < measureEvery;
        },
        fromMirror(link, mirror) {
            if (!Buffer.isBuffer(mirror))
                return undefined;
            if (seen === undefined || !seen.mirror.equals(mirror)) {
                const [era, n, floor, run] = mirror.toString('latin1').split(' ');
                if (era === undefined || n === undefined || floor === undefined || run === undefined)
                    return undefined;
                // A copy: the reply may be a piece of a larger buffer.
                seen = { mirror: Buffer.from(mirror), run, head: { era, n: integer(n), floor: integer(floor) } };
            }
            return seen.run === link.run ? seen.head : undefined;
        },
        async read(link) {
            if (!heads.mirrorServes(link))
                return askHead(link);
            return heads.fromMirror(link, await link.client.callBuffer('GET', keys.mirror)) ?? askHead(link);
        },
    };
    return heads;
}
//# sourceMappingURL=head.js.map