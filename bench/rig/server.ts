/** A Redis of the benchmark's own, found or installed as for the tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A Redis that was started; `stop` ends it and removes its folder. */
export interface BenchRedis {
  readonly url: string
  readonly stop: () => Promise<void>
}

async function script<T>(name: string): Promise<T> {
  const root = process.env['REPRISE_ROOT']
  if (root === undefined)
    throw new Error('REPRISE_ROOT is not set: start benchmarks by npm run bench -- NAME')
  return (await import(pathToFileURL(join(root, 'scripts', name)).href)) as T
}

interface Scripts {
  readonly findServers: () => Promise<{ readonly redis: string }>
  readonly startRedis: (place: string, folder: string) => Promise<BenchRedis>
  readonly exitOnSignals: () => void
}

/** Starts a Redis on a free port of 127.0.0.1. It ends with this process, too, where a signal ends that. */
export async function startBenchRedis(): Promise<BenchRedis> {
  const { findServers } = await script<Pick<Scripts, 'findServers'>>('find-servers.mjs')
  const { startRedis } = await script<Pick<Scripts, 'startRedis'>>('redis.mjs')
  const { exitOnSignals } = await script<Pick<Scripts, 'exitOnSignals'>>('run.mjs')
  exitOnSignals()
  const places = await findServers()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const server = await startRedis(places.redis, folder)
  return {
    url: server.url,
    async stop() {
      await server.stop()
      remove()
    },
  }
}
