import assert from 'node:assert/strict'
import type { Tier, TierCapabilities, TierItem, TierRecord } from '../tier.ts'
import type { FakeClock } from './fake-clock.ts'

/** A case while it runs: the tier, its clock, and a maker of records that live a minute. */
export interface TierStage {
  readonly tier: Tier
  readonly clock: FakeClock
  readonly record: (key: string, change?: Partial<TierRecord>) => TierRecord
}

/** A named check of a tier, and the capability that it needs. */
export type TierCheck = readonly [
  name: string,
  check: (stage: TierStage) => Promise<void>,
  needs?: keyof TierCapabilities,
]

/** Asserts that a tier gives a record back as it was written, whatever kind of byte array it uses. */
export function assertSame(got: TierRecord | undefined, wanted: TierRecord): void {
  assert.ok(got !== undefined, `no record of ${wanted.key}`)
  const plain = ({ body, ...rest }: TierRecord): object => ({
    ...rest,
    body: typeof body === 'string' ? body : Buffer.from(body).toString('hex'),
    binary: typeof body !== 'string',
  })
  assert.deepEqual(plain(got), plain(wanted))
}

/** Every item under a prefix, page by page. */
export async function listAll(tier: Tier, prefix: string, limit: number): Promise<TierItem[]> {
  const items: TierItem[] = []
  let cursor: string | undefined
  do {
    const page = await tier.list(prefix, { limit, ...(cursor === undefined ? {} : { cursor }) })
    assert.ok(page.items.length <= limit, `a page of ${page.items.length}, over the limit of ${limit}`)
    assert.ok(page.cursor === undefined || page.items.length > 0, 'an empty page that is not the last')
    items.push(...page.items)
    cursor = page.cursor
  } while (cursor !== undefined)
  return items
}
