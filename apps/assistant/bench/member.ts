// One process of an assistant for the benches, over the Redis and PostgreSQL of its arguments.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLogger, loadSettings } from '@reprise/service'
import { type Assistant, createAssistant } from '../src/wire.ts'

/** Where the servers of a bench are. */
export interface Servers {
  readonly redisUrl: string
  readonly databaseUrl: string
}

/** Starts an assistant that says nothing; its folder goes with the process. */
export async function startMember({ redisUrl, databaseUrl }: Servers): Promise<Assistant> {
  const folder = mkdtempSync(join(tmpdir(), 'reprise-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const env = { PORT: '0', DATA_DIR: folder, REDIS_URL: redisUrl, DATABASE_URL: databaseUrl }
  return createAssistant({
    settings: loadSettings({ env, cwd: folder }),
    logger: createLogger({ level: 'silent' }),
    environment: { API_TOKEN: 'bench' },
  })
}

/** Milliseconds of a clock that all processes of a machine share. */
export const steady = (): number => Number(process.hrtime.bigint()) / 1e6
