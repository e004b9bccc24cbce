import { randomUUID } from 'node:crypto'
import type { SharedHead } from '../cluster/shared.ts'
import type { RedisArgument } from './client.ts'
import type { CatalogKeys } from './keys.ts'
import type { Link } from './link.ts'
import { integer, items, text } from './reply.ts'
import { type Script, logScripts } from './script.ts'
import type { RedisSettings } from './settings.ts'

/** Longest time in milliseconds that a measured difference of clocks is used. */
const measureEvery = 500

/**
 * Where the log stands. The head script tells it together with the server's time and run; on a connection whose
 * server's run is known, the mirror, a plain string, tells the same: it names the run it was written under, and
 * another one (a failover that this connection followed) sends the reader to the script, which begins a new era.
 */
export interface Heads {
  /** Server's time less ours; too large by at most the time of one answer, so that a life is never lengthened. */
  offset(): number
  /** The same, too small by at most the time of one answer: for ends of lives that the server is told. */
  leastOffset(): number
  /** Whether the mirror is enough for now on this connection. */
  mirrorServes(link: Link): boolean
  /** The head that a mirror shows, or undefined when the script must be asked. */
  fromMirror(link: Link, mirror: unknown): SharedHead | undefined
  /** The head, by the shortest way. */
  read(link: Link): Promise<SharedHead>
  /** The head by a script that answers like head.lua, and the whole answer. */
  ask(
    link: Link,
    script: Script,
    ...args: RedisArgument[]
  ): Promise<{ readonly head: SharedHead; readonly answer: readonly unknown[] }>
}

/** Heads of a catalog. */
export function makeHeads(settings: RedisSettings, keys: CatalogKeys): Heads {
  const { clock } = settings
  const slotKeys = [keys.hash, keys.log, keys.mirror]
  let offset = 0
  let least = 0
  let measured = -Infinity
  let seen: { readonly mirror: Buffer; readonly run: string; readonly head: SharedHead } | undefined

  const ask: Heads['ask'] = async (link, script, ...args) => {
    const sent = clock.now()
    const answer = items(await script.run(link.client, slotKeys, randomUUID(), ...args))
    // An answer that took too long says little about the difference, and its caller has left.
    const received = clock.now()
    if (received - sent <= settings.deadline || measured === -Infinity) {
      const seconds = integer(answer[4]) * 1_000
      const rest = integer(answer[5]) / 1_000
      offset = seconds + Math.ceil(rest) - sent
      least = seconds + Math.floor(rest) - received
      measured = sent
    }
    if (link.client.isCluster !== true) link.run = text(answer[3])
    return { head: { era: text(answer[0]), n: integer(answer[1]), floor: integer(answer[2]) }, answer }
  }
  const askHead = async (link: Link): Promise<SharedHead> => (await ask(link, logScripts.head)).head

  const heads: Heads = {
    offset: () => offset,
    leastOffset: () => least,
    ask,
    mirrorServes(link) {
      const age = clock.now() - measured
      return link.run !== undefined && age >= 0 && age < measureEvery
    },
    fromMirror(link, mirror) {
      if (!Buffer.isBuffer(mirror)) return undefined
      if (seen === undefined || !seen.mirror.equals(mirror)) {
        const [era, n, floor, run] = mirror.toString('latin1').split(' ')
        if (era === undefined || n === undefined || floor === undefined || run === undefined) return undefined
        // A copy: the reply may be a piece of a larger buffer.
        seen = { mirror: Buffer.from(mirror), run, head: { era, n: integer(n), floor: integer(floor) } }
      }
      return seen.run === link.run ? seen.head : undefined
    },
    async read(link) {
      if (!heads.mirrorServes(link)) return askHead(link)
      return heads.fromMirror(link, await link.client.callBuffer('GET', keys.mirror)) ?? askHead(link)
    },
  }
  return heads
}
