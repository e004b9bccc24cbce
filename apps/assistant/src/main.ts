// The process: reads the settings, makes the assistant, listens, and ends when it is told to. What scripts read goes to
// standard output, the log to standard error.
import { randomBytes } from 'node:crypto'
import { type Settings, createLogger, loadSettings } from '@reprise/service'
import type { FastifyBaseLogger } from 'fastify'
import { startTravelApi } from './travel-api/start.ts'
import { type Assistant, createAssistant } from './wire.ts'

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** What a newcomer needs to go on: the password of the first run, a token, and a command to paste. */
async function welcome({ service }: Assistant, settings: Settings, address: string): Promise<void> {
  const { oneTimePassword } = await service.ensureAdministrator()
  if (oneTimePassword !== undefined) {
    say(`one-time password of the user admin: ${oneTimePassword}`)
  }
  if (settings.databaseUrl !== undefined) return
  const token = await service.issueToken('admin')
  say(`token ${token}`)
  const body = JSON.stringify({ user_id: 'u1', input: '我想订一张明天去上海的机票' })
  say(
    `curl -s ${address}/api/v1/chat/interact -H 'Authorization: Bearer ${token}' -H 'Content-Type: application/json' -d '${body}'`,
  )
}

/** Ends the process once, by the first signal or the end of the parent's channel; more of them change nothing. */
function endOnSignals(assistant: Assistant, settings: Settings, logger: FastifyBaseLogger): void {
  let ending = false
  const end = (reason: string): void => {
    if (ending) return
    ending = true
    logger.info(`ending (${reason})`)
    const late = setTimeout(() => {
      logger.error(`not closed within ${settings.shutdownTimeout} ms: cutting off`)
      process.exit(1)
    }, settings.shutdownTimeout + 1_000)
    late.unref()
    assistant.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'closing failed')
        process.exit(1)
      },
    )
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal))
  process.on('disconnect', () => end('parent gone'))
}

async function main(): Promise<void> {
  const given = loadSettings({ env: process.env, cwd: process.cwd() })
  const token = process.env['API_TOKEN'] ?? randomBytes(24).toString('base64url')
  // With nothing configured there is a travel service to try the assistant with.
  const demo = given.databaseUrl === undefined && given.travelApiUrl === undefined
  const travel = demo ? await startTravelApi(token) : undefined
  const settings = travel === undefined ? given : { ...given, travelApiUrl: travel.address }
  const logger = createLogger({
    level: settings.logLevel,
    destination: { write: (line: string) => void process.stderr.write(line) },
  })
  const environment = { ...process.env, API_TOKEN: token }
  const assistant = await createAssistant({ settings, logger, environment })
  try {
    endOnSignals(assistant, settings, logger)
    const address = await assistant.service.listen()
    await travel?.ready
    await welcome(assistant, settings, address)
    say(`ready ${address}`)
  } catch (error) {
    await assistant.close()
    throw error
  }
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
