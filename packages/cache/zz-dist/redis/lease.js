import { randomUUID } from 'node:crypto';
import { failureKey, leaseKey, sidecarKey } from './keys.js';
import { together } from './link.js';
import { documentRecord, entryRecord } from './read.js';
import { integer, items, text } from './reply.js';
import { entryScripts as scripts } from './script.js';
const whole = (milliseconds) => Math.max(1, Math.ceil(milliseconds));
/** Leases and what is stored under them. */
export function makeLeases(context) {
    const { call, heads, names, settings } = context;
    const grace = settings.leaseGrace;
    const sendRelease = (link, key, token, failure) => {
        const args = [token, failure === undefined ? '' : JSON.stringify(failure), whole(failure?.wait ?? 1)];
        return scripts.release.run(link.client, [leaseKey(key), failureKey(key)], ...args, names.wake, key);
    };
    return {
        async release({ key }, token, failure) {
            await call({ name: 'release', code: 'E_TIER_WRITE' }, (link) => sendRelease(link, key, token, failure));
        },
        acquire(key, options) {
            return call({
                name: 'acquire',
                code: 'E_TIER_WRITE',
                // Nobody waits for this lease any more; others must not wait for its end.
                late({ acquired }, link) {
                    if (acquired.kind === 'granted')
                        sendRelease(link, key.key, options.token).catch(() => { });
                },
            }, async (link) => {
                const sent = settings.clock.now();
                const { key: name } = key;
                const keys = [name, leaseKey(name), failureKey(name), sidecarKey(name)];
                const [head, reply] = await together(link.client, () => Promise.all([
                    heads.read(link),
                    scripts.acquire.run(link.client, keys, ...acquireArguments(key, options, grace)),
                ]));
                return { acquired: acquiredFrom(key, sent, items(reply)), head };
            });
        },
        async extend({ key }, token, lease) {
            const reply = await call({ name: 'extend', code: 'E_TIER_WRITE' }, ({ client }) => scripts.extend.run(client, [leaseKey(key)], token, whole(lease), grace));
            return integer(reply) === 1;
        },
        async store(record, { token, version, format }) {
            const { key } = record;
            const reply = await call({ name: 'store', code: 'E_TIER_WRITE' }, ({ client }) => scripts.store.run(client, [key, leaseKey(key), failureKey(key), sidecarKey(key)], ...storeArguments(record, { token, version, format, offset: heads.leastOffset() }), names.wake));
            return integer(reply) === 1;
        },
        steal({ key, format }, token, lease) {
            return call({ name: 'steal', code: 'E_TIER_WRITE' }, async (link) => {
                const args = [token, whole(lease), grace, format];
                // On one server the head is read first; on a Cluster at the same time.
                const [head] = await together(link.client, () => Promise.all([heads.read(link), scripts.steal.run(link.client, [key, leaseKey(key)], ...args)]));
                return head;
            });
        },
    };
}
function acquireArguments({ format }, options, grace) {
    const { token, lease, judged = '', removeJudged = false, force = false } = options;
    const flag = (set) => (set ? '1' : '0');
    return [token, whole(lease), grace, judged, flag(removeJudged), flag(force), randomUUID(), format];
}
function acquiredFrom({ key, format }, sent, reply) {
    const kind = text(reply[0]);
    if (kind === 'granted')
        return { kind, gen: text(reply[1]) };
    if (kind === 'wait')
        return { kind, left: integer(reply[1]) };
    if (kind === 'failed') {
        const failure = JSON.parse(text(reply[1]));
        return { kind, failure, left: integer(reply[2]) };
    }
    const record = format === 'document' ? documentRecord(key, sent, reply.slice(1)) : entryRecord(key, sent, reply[1]);
    if (record === undefined)
        throw new Error(`the server answered "${kind}" where a lease was asked for`);
    return { kind: 'value', record };
}
function storeArguments(record, { token, version, format, offset }) {
    return [token, version, endOf(record, offset), format, bodyOf(record), record.sidecar ?? ''];
}
/** The end of a record in the server's milliseconds, '' for never. An absolute time: a late store must not lengthen a life. */
function endOf({ expiresAt }, offset) {
    return expiresAt === Infinity ? '' : String(Math.max(0, Math.floor(expiresAt + offset)));
}
function bodyOf({ body }) {
    return typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
//# sourceMappingURL=lease.js.map