/** Many followers of one log in one process: each waits for records by the store's own `next`, and keeps nothing. */
import { type RedisShared, redisShared } from '@reprise/cache/redis'
import { serve } from './child.ts'

const stores: RedisShared[] = []
let running = false
let looks = 0
let records = 0
const loops: Promise<void>[] = []

async function follow(store: RedisShared): Promise<void> {
  let { era, n } = await store.join()
  while (running) {
    const answer = await store.next({ era, n }, 1_000)
    looks += 1
    records += answer.records.length
    era = answer.head.era
    n = answer.gap ? answer.head.n : (answer.records.at(-1)?.n ?? n)
  }
}

/** What the benchmark may ask. */
export const services = {
  /** Starts so many followers; resolves when all have joined and wait. */
  async start({ url, count }: { readonly url: string; readonly count: number }): Promise<void> {
    running = true
    for (let index = 0; index < count; index += 1) {
      const store = redisShared({ url, prefix: 'news', descriptor: 'news', deadline: '10s' })
      await store.open()
      stores.push(store)
      loops.push(follow(store).catch(() => {}))
    }
    await Promise.all(stores.map((store) => store.ping()))
  },
  /** Looks at the log and records received since the last call. */
  counts(): { readonly looks: number; readonly records: number } {
    const answer = { looks, records }
    looks = 0
    records = 0
    return answer
  },
  /** Reads the whole log from its beginning, page by page; resolves with how many records there were. */
  async readAll(url: string): Promise<number> {
    const store = redisShared({ url, prefix: 'news', descriptor: 'news', deadline: '10s' })
    await store.open()
    const { era } = await store.join()
    let n = 0
    for (;;) {
      const { records: page, gap } = await store.next({ era, n }, 0)
      if (gap) throw new Error('the log no longer begins at its beginning')
      if (page.length === 0) break
      n += page.length
    }
    await store.close()
    return n
  },
  async stop(): Promise<void> {
    running = false
    await Promise.all(stores.map((store) => store.close()))
    await Promise.all(loops)
    stores.length = 0
    loops.length = 0
  },
}

serve(services)
