import { openDatabase } from '@reprise/database'
import type { Settings } from '../../settings/settings.ts'
import { defineCommand } from '../command.ts'
import { serverOf } from '../connect.ts'
import { checkDatabase } from '../doctor/check-database.ts'
import { checkMachine, reasonOf } from '../doctor/check-machine.ts'
import { checkRedis } from '../doctor/check-redis.ts'
import { checkServer } from '../doctor/check-server.ts'
import { type Finding, failed, ok } from '../doctor/finding.ts'
import { exitCodes } from '../exit-codes.ts'
import { table } from '../table.ts'

const signs = { ok: 'ok', warning: 'WARNING', failed: 'FAILED' } as const

/** `reprise doctor`: looks at everything that an application stands on, and says what to do. */
export const doctorCommand = defineCommand({
  usage: 'doctor',
  summary: 'Check configuration, servers, versions, clocks, memory policy',
  options: (parser) => parser,
  run: async (_args, { io, common, local, print }) => {
    const server = serverOf(common, io)
    const findings = server === undefined ? await checkHere(local) : await checkServer(server)
    print(findings, () => {
      const lines = table(
        [
          { title: 'CHECK', show: ({ check }) => check },
          { title: '', show: ({ state }) => signs[state] },
          { title: 'SEEN', show: ({ seen }) => seen },
        ],
        findings,
      )
      const advice = findings.filter((finding) => finding.advice !== undefined)
      return `${lines}${advice.map(({ check, advice: text = '' }) => `\n${check}: ${text}`).join('')}${advice.length > 0 ? '\n' : ''}`
    })
    return findings.some(({ state }) => state === 'failed') ? exitCodes.failed : exitCodes.ok
  },
})

async function checkHere(
  local: () => Promise<{ readonly settings: Settings; readonly application: { readonly name: string } }>,
): Promise<readonly Finding[]> {
  let settings: Settings
  let name: string
  try {
    const found = await local()
    ;({ settings } = found)
    name = found.application.name
  } catch (error) {
    return [failed('configuration', reasonOf(error), 'mend it first: nothing else can be checked')]
  }
  const file = settings.configFile === undefined ? 'environment and defaults' : settings.configFile
  return [
    ok('configuration', `${name}: ${file}`),
    ...(await checkMachine(settings.dataDir)),
    ...(settings.redisUrl === undefined
      ? [ok('redis', 'not configured: entries are kept in the database')]
      : await checkRedis(settings.redisUrl)),
    ...(await checkStore(settings)),
  ]
}

// The embedded database belongs to one process at a time, so a running server would be disturbed by opening it.
async function checkStore({ databaseUrl }: Settings): Promise<readonly Finding[]> {
  if (databaseUrl === undefined) return [ok('database', 'embedded, in the data folder; not opened')]
  try {
    const database = await openDatabase({
      url: databaseUrl,
      poolSize: 1,
      connectTimeoutMs: 3_000,
      onError: () => {},
    })
    try {
      return await checkDatabase(database)
    } finally {
      await database.close()
    }
  } catch (error) {
    return [
      failed('database', reasonOf(error), 'check DATABASE_URL, or unset it to use the embedded database'),
    ]
  }
}
