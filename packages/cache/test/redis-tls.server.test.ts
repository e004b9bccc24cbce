/** TLS to a server, a Cluster and Sentinels, with the certificate that lies in `tls/`. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { redisShared } from '../src/redis/index.ts'
import { exercise } from './redis-exercise.ts'
import { startSentinel } from './redis-sentinel.ts'
import { freePort, startOwnRedis } from './redis-server.ts'

const host = '127.0.0.1'
const file = (name: string): string => fileURLToPath(new URL(`tls/${name}`, import.meta.url))
const ca = readFileSync(file('certificate.pem'))
const certificate = [
  '--tls-cert-file',
  file('certificate.pem'),
  '--tls-key-file',
  file('key.pem'),
  '--tls-ca-cert-file',
  file('certificate.pem'),
  '--tls-auth-clients',
  'no',
]

const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

/** The port at which a server of its own speaks TLS, and nothing else. */
async function startTls(args: readonly string[] = []): Promise<number> {
  const port = await freePort()
  const server = await startOwnRedis(['--tls-port', `${port}`, ...certificate, ...args])
  ends.push(() => server.stop())
  return port
}

describe('TLS', () => {
  test('by the address and by options, with a certificate authority of one’s own', async () => {
    const port = await startTls()
    await exercise({ url: `rediss://${host}:${port}`, tls: { ca } })
    await exercise({ host, port, tls: { ca } })
  })

  test('a certificate that nobody vouches for is refused, and open() says so', async () => {
    const port = await startTls()
    for (const address of [{ url: `rediss://${host}:${port}` }, { host, port, tls: true }])
      await expect(exercise({ ...address, patience: 300 })).rejects.toMatchObject({
        code: 'E_TIER_READ',
        message: expect.stringContaining('self-signed certificate') as string,
      })
  })

  test('a server that speaks TLS is not spoken to without', async () => {
    const port = await startTls()
    await expect(exercise({ host, port, patience: 300 })).rejects.toMatchObject({ code: 'E_TIER_READ' })
  })

  test('a Cluster', async () => {
    const args = '--cluster-enabled yes --cluster-config-file nodes.conf --tls-cluster yes'
    const port = await startTls(`${args} --cluster-announce-ip ${host}`.split(' '))
    const { Redis } = await import('ioredis')
    const admin = new Redis({ host, port, tls: { ca } })
    ends.push(async () => admin.disconnect())
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', 0, 16_383)
    await expect.poll(() => admin.call('CLUSTER', 'INFO'), { timeout: 10_000 }).toContain('cluster_state:ok')
    await exercise({ cluster: [{ host, port }], tls: { ca } })
  })

  test('Sentinels and the master they name, both or the master alone', async () => {
    const port = await startTls()
    const tlsPort = await freePort()
    const sentinel = await startSentinel({
      master: port,
      lines: ['tls-replication yes', ...lines(certificate), `tls-port ${tlsPort}`],
    })
    ends.push(() => sentinel.stop())
    const named = { sentinelName: 'main', tls: { ca } }
    await exercise({ ...named, sentinels: [{ host, port: tlsPort }] })
    await exercise({ ...named, sentinels: [{ host, port: sentinel.port }], sentinelTls: false })
    const wrong = redisShared({
      ...named,
      sentinels: [{ host, port: tlsPort }],
      sentinelTls: true,
      prefix: 'a',
      descriptor: 'd',
      patience: 300,
    })
    ends.push(() => wrong.close())
    await expect(wrong.open()).rejects.toThrow('All sentinels are unreachable')
  })
})

/** Arguments as lines of a configuration. */
function lines(args: readonly string[]): readonly string[] {
  return args.flatMap((name, index) => (index % 2 === 0 ? [`${name.slice(2)} ${args[index + 1] ?? ''}`] : []))
}
