/** A Redis or PostgreSQL of the benchmark's own, found or installed as for the tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A server that was started; `stop` ends it and removes its folder. */
export interface BenchServer {
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
  readonly findServers: () => Promise<{ readonly redis: string; readonly postgres: string }>
  readonly startRedis: (place: string, folder: string) => Promise<BenchServer>
  readonly startPostgres: (place: string, folder: string) => Promise<BenchServer>
  readonly exitOnSignals: () => void
}

/** Starts a Redis on a free port of 127.0.0.1. It ends with this process, too, where a signal ends that. */
export async function startBenchRedis(): Promise<BenchServer> {
  const { startRedis } = await script<Pick<Scripts, 'startRedis'>>('redis.mjs')
  return startServer((places, folder) => startRedis(places.redis, folder))
}

/** Starts a PostgreSQL on a free port of 127.0.0.1, which does not wait for the disk, as for the tests. */
export async function startBenchPostgres(): Promise<BenchServer> {
  const { startPostgres } = await script<Pick<Scripts, 'startPostgres'>>('postgres.mjs')
  return startServer((places, folder) => startPostgres(places.postgres, folder))
}

type Places = Awaited<ReturnType<Scripts['findServers']>>

async function startServer(
  start: (places: Places, folder: string) => Promise<BenchServer>,
): Promise<BenchServer> {
  const { findServers } = await script<Pick<Scripts, 'findServers'>>('find-servers.mjs')
  const { exitOnSignals } = await script<Pick<Scripts, 'exitOnSignals'>>('run.mjs')
  exitOnSignals()
  const places = await findServers()
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const server = await start(places, folder)
  return {
    url: server.url,
    async stop() {
      await server.stop()
      remove()
    },
  }
}
