import type { CacheUnderTest } from './cache-under-test.ts'
import { type Row, type Stage, outcome } from './row.ts'
import { createGate, elapse, settled, until } from './waiting.ts'

/** By then another process must have heard of an invalidation. */
const heardWithin = 2_000
/** The longest a read may take where nothing is in its way. */
const readWithin = 10_000

const fresh = (cache: CacheUnderTest, key: string, tag?: string): Promise<unknown> =>
  cache.getOrLoad(key, () => 'new', tag === undefined ? {} : { tag })

/**
 * A load reads the old value from its source and is held up; the key is invalidated, and only then the load goes
 * on. Later reads, here and from a node that starts now, must not find the old value.
 */
async function invalidateInFlight(
  stage: Stage,
  { by, across }: { by: 'key' | 'tag'; across: boolean },
): ReturnType<Row['run']> {
  const cache = await stage.open()
  const other = across ? await stage.openProcess() : cache
  const tag = by === 'tag' ? 'topic' : undefined
  const [inside, gate] = [createGate(), createGate()]
  const slow = async (): Promise<unknown> => {
    inside.open()
    await gate.opened
    return 'old'
  }
  const load = settled(cache.getOrLoad('k', slow, tag === undefined ? {} : { tag }), readWithin)
  await inside.opened
  // A cache may hold the invalidation up until the load has ended; that is no fault.
  const invalidated = by === 'key' ? other.delete('k') : other.invalidateTag?.('topic')
  const before = await settled(Promise.resolve(invalidated), 1_000)
  const joined = before === 'late' || across ? undefined : fresh(cache, 'k', tag)
  await elapse(20)
  gate.open()
  await load
  await invalidated
  const meanwhile = joined === undefined ? 'new' : await joined
  const back = await until(async () => (await fresh(cache, 'k', tag)) === 'new', across ? heardWithin : 0)
  const elsewhere = await fresh(await stage.open(), 'k', tag)
  return outcome(
    [
      meanwhile !== 'new' && 'a read after the invalidation joined the old load',
      !back && `the old value is kept${across ? ` (still after ${heardWithin} ms)` : ''}`,
      elsewhere !== 'new' && 'the old value is in Redis',
    ],
    back && elsewhere === 'new' && meanwhile === 'new' ? 'the new value everywhere' : '',
  )
}

/** A message is lost: the way to Redis is cut while another node invalidates. */
async function loseMessage(stage: Stage): ReturnType<Row['run']> {
  const proxy = await stage.proxy()
  const near = await stage.open({ redisUrl: proxy.url, ttlMs: 15_000 })
  const other = await stage.open({ ttlMs: 15_000 })
  await near.getOrLoad('k', () => 'old')
  await until(async () => (await near.getOrLoad('k', () => 'new')) === 'old', 1_000)
  proxy.cut()
  await until(() => proxy.connections === 0, 1_000)
  await other.delete('k')
  await proxy.mend()
  const start = performance.now()
  await until(() => proxy.connections > 0, 10_000)
  const repaired = await until(async () => {
    const read = await settled(
      near.getOrLoad('k', () => 'new'),
      readWithin,
    )
    return typeof read === 'object' && 'value' in read && read.value === 'new'
  }, 6_000)
  const milliseconds = Math.round(performance.now() - start)
  return outcome(
    [!repaired && `the old value is still there after ${milliseconds} ms`],
    repaired ? `repaired ${milliseconds} ms after the way was mended` : '',
  )
}

/** What a node sends to Redis is held up on the way and arrives after another node has invalidated the key. */
async function storeLate(stage: Stage): ReturnType<Row['run']> {
  const proxy = await stage.proxy()
  const near = await stage.open({ redisUrl: proxy.url })
  const other = await stage.open()
  const [inside, gate] = [createGate(), createGate()]
  const load = near.getOrLoad('k', async () => {
    inside.open()
    await gate.opened
    return 'old'
  })
  await inside.opened
  proxy.hold()
  gate.open()
  const answer = await settled(load, 1_000)
  await other.delete('k')
  proxy.release()
  await settled(load, readWithin)
  // What was held up comes first: its store has arrived when a later read has been through the same way.
  await settled(
    near.getOrLoad('behind', () => 'there'),
    readWithin,
  )
  await elapse(300)
  const elsewhere = await (await stage.open()).getOrLoad('k', () => 'new')
  const told = answer === 'late' ? 'the caller waited for the store' : 'the caller did not wait'
  return outcome([elsewhere !== 'new' && 'the late store brought the old value back'], told)
}

const inFlight = (by: 'key' | 'tag', across: boolean): Row => ({
  id: `in-flight-${by}${across ? '-across' : ''}`,
  title: `invalidate by ${by} while a load is in flight, ${across ? 'from another process' : 'in one process'}`,
  needs: by === 'tag' ? ['tags'] : [],
  run: (stage) => invalidateInFlight(stage, { by, across }),
})

/** Rows about invalidation against loads, messages and stores that are late or lost. */
export const invalidationRows: readonly Row[] = [
  inFlight('key', false),
  inFlight('key', true),
  inFlight('tag', false),
  inFlight('tag', true),
  {
    id: 'late-store',
    title: 'a store that is held up on the way arrives after an invalidation',
    needs: [],
    run: storeLate,
  },
  { id: 'lost-message', title: 'one lost pub/sub message', needs: ['bus'], run: loseMessage },
]
