import { RepriseError, quote } from '../errors.ts'
import type { Shared, SharedHead } from '../cluster/shared.ts'
import type { Position } from '../entry/entry.ts'
import { type Breaker, createBreaker } from './breaker.ts'
import { makeCall } from './call.ts'
import { claim, refuseClusterNode, warnOfEviction } from './claim.ts'
import type { RedisClient } from './client.ts'
import { connectRedis, userOf } from './connect.ts'
import { makeChannels } from './channels.ts'
import { makeFollower } from './follow.ts'
import { makeHeads } from './head.ts'
import { catalogKeys, failureKey, groupBySlot, leaseKey, sidecarKey } from './keys.ts'
import { makeLeases } from './lease.ts'
import { type Link, linkTo, throttled, together, whenReady } from './link.ts'
import { makeLists } from './list.ts'
import { makeLog } from './log.ts'
import { isRefusal, plainError } from './plain-error.ts'
import { type Read, makeRead } from './read.ts'
import { integer } from './reply.ts'
import { entryScripts, logScripts } from './script.ts'
import { makeServerFigures } from './server-figures.ts'
import { type RedisSharedOptions, readSettings } from './settings.ts'

/** Most keys of one removal. */
const mostRemoved = 500

/** A shared store in Redis or Valkey. */
export interface RedisShared extends Shared {
  /** Whether calls go out. */
  readonly breaker: Pick<Breaker, 'state' | 'retryAfter'>
  /**
   * Sends commands of somebody else over these connections: within the deadline, and not at all while the breaker is
   * open. Keys must not begin with the catalog's prefix. @throws E_TIER_READ
   */
  run<T>(name: string, send: (client: RedisClient) => Promise<T>): Promise<T>
  /** Hears the messages of a channel; some may be lost. Resolves with what stops it. */
  listen(channel: string, listener: (message: string) => void): Promise<() => Promise<void>>
  /** Where the log stands now. @throws E_TIER_READ */
  head(): Promise<SharedHead>
  /** As `next`, without waiting, and not behind somebody who waits. @throws E_TIER_READ */
  since(after: Position): ReturnType<Shared['next']>
}

/**
 * The shared store of a catalog in Redis 7 or Valkey: one server, Sentinels or a Cluster. Whatever one script
 * touches shares a slot; nothing waits in a queue for a server that is away; a call that was given up and happens
 * anyway does no harm. `open()` may be called again after it has failed.
 * @throws E_OPTION_INVALID
 */
export function redisShared(options: RedisSharedOptions): RedisShared {
  const settings = readSettings(options)
  const { clock } = settings
  const names = catalogKeys(settings.prefix)
  const onError = throttled(clock, settings.onError)
  const breaker = createBreaker({
    ...settings.breaker,
    clock,
    random: settings.random,
    onState: settings.onBreaker,
  })
  const links: Link[] = []
  let turn = 0
  let connecting: Promise<void> | undefined
  let closed = false

  const call = makeCall(settings, () => links[(turn += 1) % links.length], breaker)
  const heads = makeHeads(settings, names)
  const context = { call, heads, names, settings }
  const read = makeRead(heads, names)
  const first = (): RedisClient => {
    const link = links[0]
    if (link === undefined)
      throw new RepriseError('E_TIER_READ', 'redis: there is no connection; call open() first')
    return link.client
  }
  const aside = { settings, heads, names, client: first, onError }
  const follower = makeFollower(aside)
  const channels = makeChannels(aside)

  const connect = async (): Promise<void> => {
    const base = settings.client ?? (await connectRedis(settings.addresses))
    if (closed) {
      if (settings.client === undefined) base.disconnect()
      return
    }
    links.push(linkTo(base, onError))
    while (links.length < settings.connections) links.push(linkTo(base.duplicate(), onError))
  }

  return {
    name: 'redis',
    breaker,
    scattered: settings.client?.isCluster === true || settings.addresses.cluster !== undefined,
    offset: () => heads.offset(),
    ...makeLeases(context),
    ...makeLog(context),
    ...makeLists(call, settings),
    ...makeServerFigures(call),
    next: follower.next,
    listen: (channel, listener) => channels.listen(channel, listener),
    onWake: (listener) => channels.listen(names.wake, listener, { stays: true }),
    run: (name, send) => call({ name, code: 'E_TIER_READ' }, ({ client }) => send(client)),
    head: () => call({ name: 'head', code: 'E_TIER_READ' }, (link) => heads.read(link)),
    since: (after) => call({ name: 'since', code: 'E_TIER_READ' }, (link) => follower.fetch(link, after, 0)),

    async open() {
      const { patience } = settings
      try {
        connecting ??= connect()
        await connecting
        await Promise.all(links.map(({ client }) => whenReady(client, patience, clock)))
      } catch (error) {
        const why = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
        const who = isRefusal(error)
          ? `; check the password of user ${quote(userOf(settings.addresses))}`
          : ''
        throw new RepriseError('E_TIER_READ', `redis open: ${why}${who}`, { cause: plainError(error) })
      }
      await call({ name: 'open', code: 'E_TIER_READ', deadline: patience }, async (link) => {
        await refuseClusterNode(link.client)
        await claim(link.client, names, settings)
        await warnOfEviction(link.client, settings)
        await heads.ask(link, logScripts.head)
      })
    },

    read(keys) {
      return call<Read>({ name: 'read', code: 'E_TIER_READ', keys: keys.length }, (link) =>
        read(link, keys, clock.now()),
      )
    },

    async remove(keys) {
      if (keys.length === 0) return 0
      const counts = await call({ name: 'remove', code: 'E_TIER_WRITE' }, ({ client }) => {
        const plain = keys.map(({ key }) => key)
        const groups = client.isCluster === true ? groupBySlot(plain) : [plain.map((_, index) => index)]
        const parts = groups.flatMap((group) =>
          Array.from({ length: Math.ceil(group.length / mostRemoved) }, (_, part) =>
            group.slice(part * mostRemoved, (part + 1) * mostRemoved),
          ),
        )
        const remove = (part: readonly number[]): Promise<unknown> => {
          const four = part.flatMap((index) => {
            const key = plain[index] as string
            return [key, leaseKey(key), failureKey(key), sidecarKey(key)]
          })
          return entryScripts.remove.run(client, four, names.wake)
        }
        return together(client, () => Promise.all(parts.map(remove)))
      })
      return counts.reduce<number>((sum, count) => sum + integer(count), 0)
    },

    async ping() {
      await call({ name: 'ping', code: 'E_TIER_READ' }, async (link) => {
        await heads.read(link)
      })
    },

    async close() {
      if (closed) return
      closed = true
      follower.close()
      channels.close()
      await connecting?.catch(() => {})
      for (const link of links.splice(0)) {
        link.detach()
        if (link.client === settings.client) link.client.off('error', onError)
        else link.client.disconnect()
      }
    },
  }
}
