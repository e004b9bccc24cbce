import { ApiError } from '@reprise/api'
import yargs, { type Argv } from 'yargs'
import { SettingsError } from '../settings/settings.ts'
import { version } from '../version.ts'
import { type Command, type CommonOptions, createTools } from './command.ts'
import { commands } from './commands.ts'
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'

/** Runs one command line, such as `['stats', '--json']`; resolves with the exit code, having said what went wrong. */
export async function runProgram(args: readonly string[], io: Io): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok
  const parser = describe(yargs(), commands, {
    io,
    ended: (ended) => {
      code = ended
    },
  })
  try {
    await parser.parseAsync([...args], {}, (_error: unknown, _args, help) => {
      if (help !== '') io.out(`${help}\n`)
    })
    return code
  } catch (error) {
    return tell(error, { io, verbose: args.includes('--verbose') })
  }
}

function describe(
  parser: Argv,
  list: readonly Command[],
  run: { readonly io: Io; readonly ended: (code: ExitCode) => void },
): Argv {
  const described = parser
    .scriptName('reprise')
    .locale('en')
    .usage(
      '$0 <command>\n\nOperates a Reprise cache: through a server, or directly on the stores of an application.',
    )
    .option('server', { type: 'string', describe: 'Address of a server [REPRISE_SERVER]', requiresArg: true })
    .option('application', {
      type: 'string',
      describe: 'File that exports the application [reprise.config.js]',
      requiresArg: true,
      normalize: true,
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
    .option('yes', { type: 'boolean', alias: 'y', default: false, describe: 'Do not ask before harm' })
    .option('verbose', {
      type: 'boolean',
      default: false,
      describe: 'Show the log, and where errors come from',
    })
    .group(['server', 'application', 'json', 'yes', 'verbose', 'help', 'version'], 'For every command:')
    .version(version)
    .help()
    .alias('h', 'help')
    .completion('completion', 'Print the script that completes commands in bash or zsh')
    .demandCommand(1, 'Say what to do: a command')
    .recommendCommands()
    .strictCommands()
    .strictOptions()
    .wrap(Math.min(110, run.io.columns))
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CommandError(message, exitCodes.usage)
    })
  const tools = (common: CommonOptions) => createTools(run.io, common)
  for (const command of list) command.addTo(described, tools, run.ended)
  return described
}

function tell(error: unknown, { io, verbose }: { readonly io: Io; readonly verbose: boolean }): ExitCode {
  const code = exitCodeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  io.err(`${message}\n`)
  if (error instanceof CommandError && code === exitCodes.usage)
    io.err('`reprise --help` lists the commands, `reprise COMMAND --help` their options.\n')
  if (error instanceof ApiError) {
    for (const { field, message: problem } of error.details) io.err(`  ${field}: ${problem}\n`)
    if (verbose && error.request_id !== undefined) io.err(`  request ${error.request_id}\n`)
  }
  if (verbose && error instanceof Error && error.stack !== undefined) io.err(`${error.stack}\n`)
  return code
}

function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CommandError) return error.exitCode
  if (error instanceof SettingsError) return exitCodes.usage
  if (error instanceof ApiError) {
    if (error.status === 0) return exitCodes.unreachable
    if (error.status === 401 || error.status === 403) return exitCodes.refused
    if (error.status === 404) return exitCodes.absent
    return error.status === 422 || error.status === 400 ? exitCodes.usage : exitCodes.failed
  }
  return exitCodes.failed
}
