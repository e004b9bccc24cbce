import assert from 'node:assert/strict';
import { tierListing } from './tier-listing.js';
import { assertSame, listAll } from './tier-stage.js';
const everyByte = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const strangeKeys = [
    'p:%3A%7B%7D',
    'p:%uD800',
    'p:订票:上海',
    'p:😀',
    "p:'; DROP TABLE x; --",
    'p:"quoted"',
    'p:back\\slash',
    'p:a b',
];
const checks = [
    [
        'reads in the order of the keys, undefined for a miss, a key given twice twice',
        async ({ tier, record }) => {
            await tier.write([record('p:a'), record('p:b')]);
            const found = await tier.read(['p:b', 'p:none', 'p:a', 'p:b']);
            assert.deepEqual(found.map((one) => one?.key), ['p:b', undefined, 'p:a', 'p:b']);
            assert.deepEqual(await tier.read([]), []);
        },
    ],
    [
        'a write replaces all of a record: body, kind, sidecar, times',
        async ({ tier, clock, record }) => {
            await tier.write([record('p:a', { body: '{"v":1}', sidecar: '{"k":"p:a"}' })]);
            assertSame((await tier.read(['p:a']))[0], record('p:a', { body: '{"v":1}', sidecar: '{"k":"p:a"}' }));
            const binary = record('p:a', { body: everyByte, createdAt: clock.now() + 1, expiresAt: Infinity });
            await tier.write([binary]);
            assertSame((await tier.read(['p:a']))[0], binary);
            await tier.write([record('p:a')]);
            assertSame((await tier.read(['p:a']))[0], record('p:a'));
        },
    ],
    [
        'keeps every byte, empty bodies, NUL escapes and text beyond the BMP',
        async ({ tier, record }) => {
            const written = [
                record('p:bytes', { body: everyByte }),
                record('p:part', { body: everyByte.subarray(100, 200) }),
                record('p:no-bytes', { body: new Uint8Array(0) }),
                record('p:no-text', { body: '' }),
                record('p:escape', { body: JSON.stringify({ nul: '\0', lone: '\ud800', line: '\u2028' }) }),
                record('p:wide', { body: JSON.stringify('机票 😀 é'), sidecar: JSON.stringify({ t: ['标签 😀'] }) }),
            ];
            await tier.write(written);
            const found = await tier.read(written.map(({ key }) => key));
            for (const [index, one] of written.entries())
                assertSame(found[index], one);
        },
    ],
    [
        'keys are exact: unicode, percent signs, quotes, 1024 bytes, case',
        async ({ tier, record }) => {
            const keys = [...strangeKeys, `p:${'k'.repeat(1022)}`, 'p:case', 'p:CASE'];
            await tier.write(keys.map((key) => record(key, { body: JSON.stringify(key) })));
            const found = await tier.read(keys);
            for (const [index, key] of keys.entries())
                assert.equal(found[index]?.body, JSON.stringify(key));
            assert.equal((await tier.remove(keys)).length, keys.length);
            assert.deepEqual(await tier.read(keys), keys.map(() => undefined));
        },
    ],
    [
        'a write takes all of its records or, when the store refuses one of them, none',
        async ({ tier, record }) => {
            // NUL is text that some stores cannot hold; the engine never writes it, since JSON escapes it.
            const written = [record('p:a'), record('p:b', { body: '"\0"' }), record('p:c')];
            const taken = await tier.write(written).then(() => 3, () => 0);
            assert.equal((await tier.usage('p:')).entries, taken);
        },
    ],
    [
        'an expired record is never read, listed, counted or removed; one that lives for ever is',
        async ({ tier, clock, record }) => {
            await tier.write([
                record('p:short', { expiresAt: clock.now() + 1_000 }),
                record('p:ever', { expiresAt: Infinity }),
            ]);
            await clock.advance(999);
            assert.notEqual((await tier.read(['p:short']))[0], undefined);
            await clock.advance(1);
            assert.deepEqual((await tier.read(['p:short', 'p:ever'])).map((one) => one?.expiresAt), [undefined, Infinity]);
            assert.deepEqual((await listAll(tier, 'p:', 10)).map(({ key, expiresAt }) => [key, expiresAt]), [['p:ever', Infinity]]);
            assert.equal((await tier.usage('p:')).entries, 1);
            assert.equal((await tier.remove(['p:short', 'p:ever'])).length, 1);
        },
    ],
    [
        'remove tells how many there were, and the rest stays',
        async ({ tier, record }) => {
            await tier.write([record('p:a'), record('p:b'), record('p:c')]);
            assert.equal((await tier.remove(['p:a', 'p:none', 'p:b'])).length, 2);
            assert.equal((await tier.remove(['p:a'])).length, 0);
            assert.equal((await tier.remove([])).length, 0);
            assert.deepEqual((await listAll(tier, 'p:', 10)).map(({ key }) => key), ['p:c']);
        },
    ],
    [
        '50 writes and reads at once do not mix',
        async ({ tier, record }) => {
            const keys = Array.from({ length: 50 }, (_, index) => `p:${index}`);
            await Promise.all(keys.flatMap((key) => [tier.write([record(key, { body: JSON.stringify(key) })]), tier.read(keys)]));
            const found = await Promise.all(keys.map(async (key) => (await tier.read([key]))[0]?.body));
            assert.deepEqual(found, keys.map((key) => JSON.stringify(key)));
            await Promise.all(keys.map(async () => tier.write(keys.toReversed().map((key) => record(key)))));
            assert.equal((await tier.usage('p:')).entries, 50);
        },
    ],
];
/**
 * The cases that every tier passes; `open` gives an empty one each time. They use node:assert alone, so any
 * runner will do: `for (const { name, run } of tierConformance(open)) test(name, run)`.
 */
export function tierConformance(open) {
    return [...checks, ...tierListing].map(([name, check]) => ({
        name,
        async run() {
            const { tier, clock, close } = await open();
            const record = (key, change = {}) => ({
                key,
                body: '{"value":true}',
                createdAt: clock.now(),
                expiresAt: clock.now() + 60_000,
                ...change,
            });
            try {
                await tier.open();
                await tier.open();
                await tier.ping();
                await check({ tier, clock, record });
                await tier.close();
            }
            finally {
                await close();
            }
        },
    }));
}
//# sourceMappingURL=tier-conformance.js.map