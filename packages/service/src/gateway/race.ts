import type { Cache } from '@reprise/cache'
import { modelCallSpace, refusalOf } from '@reprise/ai'
import { type Served, type Wishes, serveFirst } from './attempts.ts'
import { type GatewayCall, type Place, planOf } from './call.ts'
import type { Json } from './json.ts'

/** The two sides of a race. */
export interface RacePlaces {
  readonly fast: readonly [Place, ...Place[]]
  readonly premium: readonly [Place, ...Place[]]
}

const space = modelCallSpace({ ttl: '1d' })

/**
 * Serves the premium answer where it is kept; else asks both and serves the first that is valid (row E2). Each answer
 * is kept under the model that gave it, so the premium one, which is finished whoever waits for it, is what comes next
 * time, and a fast one never takes its place. Of streams the first that begins is served, since only a whole answer
 * can be judged. @throws what premium was refused with, where neither side gave an answer
 */
export async function serveRace(
  cache: Cache,
  call: GatewayCall,
  places: RacePlaces,
  wishes: Wishes,
): Promise<Served> {
  const premiumIsKept =
    !wishes.anew &&
    (await cache.open(space).find(planOf(call, places.premium[0], false).params)) !== undefined
  if (premiumIsKept) return serveFirst(cache, call, places.premium, wishes)
  const premium = serveFirst(cache, call, places.premium, wishes)
  const fast = serveFirst(cache, call, places.fast, wishes)
  const winner = await firstValid(call, [fast, premium])
  void premium.then(
    (served) => (served === winner ? undefined : leave(served)),
    () => undefined,
  )
  void fast.then(
    (served) => (served === winner ? undefined : leave(served)),
    () => undefined,
  )
  // Neither is valid: what the better model said, whatever it was.
  return winner ?? premium.catch(() => fast)
}

async function firstValid(call: GatewayCall, sides: readonly Promise<Served>[]): Promise<Served | undefined> {
  const judged = sides.map(async (side) => {
    const served = await side
    if (!isValid(call, served)) throw new Error('this answer is not valid')
    return served
  })
  return Promise.any(judged).catch(() => undefined)
}

function isValid({ protocol, body, admission }: GatewayCall, { content }: Served): boolean {
  if ('events' in content) return true
  const { from, body: answer } = content.whole
  return (
    from === 'generate' &&
    refusalOf(protocol.factsOf(answer as Json), protocol.demandsOf(body), admission) === undefined
  )
}

async function leave({ content }: Served): Promise<void> {
  if ('events' in content) await content.events.cancel().catch(() => undefined)
}
