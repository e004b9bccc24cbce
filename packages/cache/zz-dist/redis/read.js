import { groupBySlot, sidecarKey } from './keys.js';
import { together } from './link.js';
import { integer, items, text } from './reply.js';
import { entryScripts, logScripts } from './script.js';
/** Most keys of one command: a server does nothing else meanwhile. */
const mostKeys = 1_000;
/** The record of a document; it ends when the life that the server told has passed since the question was sent. */
export function documentRecord(key, sent, reply) {
    const [body, left, sidecar] = reply;
    if (!Buffer.isBuffer(body))
        return undefined;
    const about = text(sidecar);
    const life = integer(left);
    return {
        key,
        body: body.toString('utf8'),
        ...(about !== '' && { sidecar: about }),
        createdAt: sent,
        expiresAt: life < 0 ? Infinity : sent + life,
    };
}
/** The record of a frame, which tells its own times. */
export function entryRecord(key, sent, body) {
    return Buffer.isBuffer(body) ? { key, body, createdAt: sent, expiresAt: Infinity } : undefined;
}
/** Places of keys in parts that one command can take: by slot on a Cluster, and not too many. */
function batches(keys, places, cluster) {
    if (places.length === 0)
        return [];
    const groups = cluster
        ? groupBySlot(places.map((place) => keys[place]?.key))
        : [places.map((_, at) => at)];
    return groups.flatMap((group) => Array.from({ length: Math.ceil(group.length / mostKeys) }, (_, part) => group.slice(part * mostKeys, (part + 1) * mostKeys).map((at) => places[at])));
}
/**
 * Reads keys and the head: all commands go out in one write, the head's last. On a single server whose run is
 * known that is one MGET, of the entries and the head's mirror together.
 */
export function makeRead(heads, names) {
    const headAfter = (link, mirror) => heads.fromMirror(link, mirror) ?? heads.ask(link, logScripts.head).then(({ head }) => head);
    /** Entries of one server, few enough for one command. */
    const readPlainly = async (link, keys, now) => {
        const asked = keys.map(({ key }) => key);
        asked.push(names.mirror);
        const values = items(await link.client.callBuffer('MGET', ...asked));
        const records = keys.map(({ key }, index) => entryRecord(key, now, values[index]));
        const head = headAfter(link, values[keys.length]);
        return { records, head: head instanceof Promise ? await head : head };
    };
    const readMixed = async (link, keys, now) => {
        const { client } = link;
        const records = Array.from({ length: keys.length });
        const places = { entry: [], document: [] };
        keys.forEach(({ format }, index) => places[format].push(index));
        const readEntries = async (batch, at) => {
            const values = items(await client.callBuffer('MGET', ...batch.map(({ key }) => key)));
            batch.forEach(({ key }, place) => {
                records[at[place]] = entryRecord(key, now, values[place]);
            });
        };
        const readDocuments = async (batch, at) => {
            const both = batch.flatMap(({ key }) => [key, sidecarKey(key)]);
            const values = items(await entryScripts.readDocument.run(client, both));
            batch.forEach(({ key }, place) => {
                records[at[place]] = documentRecord(key, now, values.slice(3 * place, 3 * place + 3));
            });
        };
        const [head] = await together(client, () => {
            // The head is asked for last, so that on one server it is not older than the values.
            const work = ['document', 'entry'].flatMap((format) => batches(keys, places[format], client.isCluster === true).map((at) => {
                const batch = at.map((index) => keys[index]);
                return format === 'entry' ? readEntries(batch, at) : readDocuments(batch, at);
            }));
            return Promise.all([heads.read(link), ...work]);
        });
        return { records, head };
    };
    return (link, keys, now) => keys.length <= mostKeys && heads.mirrorServes(link) && keys.every(({ format }) => format === 'entry')
        ? readPlainly(link, keys, now)
        : readMixed(link, keys, now);
}
//# sourceMappingURL=read.js.map