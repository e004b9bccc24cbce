import { Redis } from 'ioredis'
import { bytes, percent } from '../amounts.ts'
import { reasonOf } from './check-machine.ts'
import { type Finding, clockFinding, failed, ok, warning } from './finding.ts'

/** What Redis has told about itself, by the names that INFO uses. */
export type RedisInfo = Readonly<Record<string, string>>

/** The oldest Redis whose scripts and commands Reprise uses (`SET … KEEPTTL`, `LPOS`, `GETEX`). */
const leastRedis = [6, 2] as const

/** Looks at the Redis or Valkey of an address: version, eviction, room, clients, clock, and how long it takes to answer. */
export async function checkRedis(url: string): Promise<readonly Finding[]> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  let last: unknown
  client.on('error', (error: unknown) => {
    last = error
  })
  try {
    await client.connect()
    const before = Date.now()
    const [seconds, micros] = await client.time()
    const after = Date.now()
    const info = parseInfo(await client.info())
    const remote = Number(seconds) * 1_000 + Number(micros) / 1_000
    return [
      ok('redis', `${new URL(url).host} answers in ${after - before} ms`),
      checkVersion(info),
      checkEviction(info),
      checkRoom(info),
      checkClients(info),
      checkPersistence(info),
      clockFinding('redis clock', { before, remote, after }),
    ]
  } catch (error) {
    const reason = reasonOf(last ?? error)
    return [failed('redis', reason, 'check REDIS_URL or REDIS_HOST, or unset them to do without Redis')]
  } finally {
    client.disconnect()
  }
}

/** The answer of INFO by name. */
export function parseInfo(text: string): RedisInfo {
  const pairs = text
    .split(/\r?\n/)
    .filter((line) => line.includes(':') && !line.startsWith('#'))
    .map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)])
  return Object.fromEntries(pairs)
}

/** Whether the version has the commands that are used. Valkey tells the version of Redis that it is compatible with, too. */
export function checkVersion(info: RedisInfo): Finding {
  const version = info['redis_version'] ?? '0'
  const name = info['valkey_version'] === undefined ? `Redis ${version}` : `Valkey ${info['valkey_version']}`
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const enough = major > leastRedis[0] || (major === leastRedis[0] && minor >= leastRedis[1])
  return enough
    ? ok('redis version', name)
    : failed('redis version', name, `use ${leastRedis.join('.')} or newer`)
}

/** Whether leases, marks and the log are safe from eviction. */
export function checkEviction(info: RedisInfo): Finding {
  const policy = info['maxmemory_policy'] ?? 'unknown'
  if (Number(info['maxmemory'] ?? 0) === 0) return ok('redis eviction', `${policy}, without a bound`)
  return policy === 'noeviction'
    ? ok('redis eviction', policy)
    : warning(
        'redis eviction',
        policy,
        'set maxmemory-policy to noeviction: an evicted mark or log turns every older entry into a miss',
      )
}

/** How much of its bound a server uses. */
export function checkRoom(info: RedisInfo): Finding {
  const [used, most] = [Number(info['used_memory'] ?? 0), Number(info['maxmemory'] ?? 0)]
  if (most === 0) return ok('redis memory', bytes(used))
  const seen = `${bytes(used)} of ${bytes(most)} (${percent(used / most)})`
  return used / most < 0.9
    ? ok('redis memory', seen)
    : warning(
        'redis memory',
        seen,
        'raise maxmemory, shorten TTLs (`reprise stats`), or run `reprise cleanup`',
      )
}

function checkClients(info: RedisInfo): Finding {
  const [now, most] = [Number(info['connected_clients'] ?? 0), Number(info['maxclients'] ?? 0)]
  const seen = most === 0 ? String(now) : `${now} of ${most}`
  return most === 0 || now / most < 0.9
    ? ok('redis clients', seen)
    : warning('redis clients', seen, 'raise maxclients, or look for connections that are left open')
}

function checkPersistence(info: RedisInfo): Finding {
  const kept = info['aof_enabled'] === '1'
  const seen = kept ? 'append-only file' : 'without an append-only file'
  const lost = info['rdb_last_bgsave_status'] === 'err' || info['aof_last_write_status'] === 'err'
  return lost
    ? failed(
        'redis persistence',
        `${seen}, the last write failed`,
        'look at the disk of the server and at its log',
      )
    : ok('redis persistence', seen)
}
