import { type Row, type Stage, outcome } from './row.ts'
import { until } from './waiting.ts'

const tag = 'topic'

/** How far the other node's clock is off, in milliseconds. */
const skew = 5_000

async function invalidateBehind(stage: Stage): ReturnType<Row['run']> {
  const cache = await stage.open()
  const other = await stage.openProcess({ clockAhead: -skew })
  await cache.getOrLoad('k', () => 'old', { tag })
  await other.invalidateTag(tag)
  const heard = await until(async () => (await cache.getOrLoad('k', () => 'new', { tag })) === 'new', 2_000)
  const elsewhere = await (await stage.open()).getOrLoad('k', () => 'new', { tag })
  return outcome(
    [!heard && 'the invalidation is ignored', elsewhere !== 'new' && 'the old value is in Redis'],
    heard && elsewhere === 'new' ? 'heard' : '',
  )
}

async function invalidateAhead(stage: Stage): ReturnType<Row['run']> {
  const cache = await stage.open()
  const other = await stage.openProcess({ clockAhead: skew })
  await cache.getOrLoad('k', () => 'old', { tag })
  await other.invalidateTag(tag)
  const heard = await until(async () => (await cache.getOrLoad('k', () => 'new', { tag })) === 'new', 2_000)
  let extra = 0
  for (let read = 0; read < 20; read += 1) {
    await cache.getOrLoad(
      'k',
      () => {
        extra += 1
        return 'new'
      },
      { tag },
    )
  }
  return outcome(
    [!heard && 'the invalidation is ignored', extra > 1 && 'hits count as invalid'],
    `${extra} extra loads`,
  )
}

/** Every write comes right after an invalidation of its tag, and must be a hit. */
async function writeAfterInvalidation(stage: Stage): ReturnType<Row['run']> {
  const cache = await stage.open()
  let invalid = 0
  for (let write = 0; write < 200; write += 1) {
    await cache.invalidateTag?.(tag)
    await cache.getOrLoad(`k${write}`, () => 'new', { tag })
    await cache.getOrLoad(
      `k${write}`,
      () => {
        invalid += 1
        return 'again'
      },
      { tag },
    )
  }
  return outcome([invalid > 0 && 'fresh writes read as invalid'], `${invalid} of 200`)
}

/** Rows about tags and clocks. */
export const clockRows: readonly Row[] = [
  {
    id: 'clock-behind',
    title: 'tag invalidated by a node whose clock is 5 s behind',
    needs: ['tags'],
    run: invalidateBehind,
  },
  {
    id: 'clock-ahead',
    title: 'tag invalidated by a node whose clock is 5 s ahead',
    needs: ['tags'],
    run: invalidateAhead,
  },
  {
    id: 'write-after-tag',
    title: 'writes within 1 ms of a tag invalidation',
    needs: ['tags'],
    run: writeAfterInvalidation,
  },
]
