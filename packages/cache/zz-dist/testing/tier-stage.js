import assert from 'node:assert/strict';
/** Asserts that a tier gives a record back as it was written, whatever kind of byte array it uses. */
export function assertSame(got, wanted) {
    assert.ok(got !== undefined, `no record of ${wanted.key}`);
    const plain = ({ body, ...rest }) => ({
        ...rest,
        body: typeof body === 'string' ? body : Buffer.from(body).toString('hex'),
        binary: typeof body !== 'string',
    });
    assert.deepEqual(plain(got), plain(wanted));
}
/** Every item under a prefix, page by page. */
export async function listAll(tier, prefix, limit) {
    const items = [];
    let cursor;
    do {
        const page = await tier.list(prefix, { limit, ...(cursor === undefined ? {} : { cursor }) });
        assert.ok(page.items.length <= limit, `a page of ${page.items.length}, over the limit of ${limit}`);
        assert.ok(page.cursor === undefined || page.items.length > 0, 'an empty page that is not the last');
        items.push(...page.items);
        cursor = page.cursor;
    } while (cursor !== undefined);
    return items;
}
//# sourceMappingURL=tier-stage.js.map