import type { Argv, Arguments } from 'yargs'
import { type Connection, type Local, type Target, connect, findLocal } from './connect.ts'
import { CommandError, type ExitCode, exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'
import { type Progress, createProgress } from './progress.ts'

/** The options that every command takes. */
export interface CommonOptions extends Target {
  readonly json: boolean
  readonly yes: boolean
}

/** What a command works with. */
export interface Tools {
  readonly io: Io
  readonly common: CommonOptions
  /** Runs work on the API and closes the way there, whatever happens. */
  readonly withApi: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>
  /** Application and settings, for commands that work without the API. */
  readonly local: () => Promise<Local>
  /** Prints a value as JSON, or as a person reads it. */
  readonly print: (value: unknown, text: () => string) => void
  /** Asks before harm; `--yes` answers. @throws CommandError when the answer is not yes or nobody can answer */
  readonly confirm: (question: string) => Promise<void>
  readonly progress: (title: string) => Progress
}

/** One command of the command line. */
export interface Command {
  /** Its name and positional arguments as yargs writes them: `get <key>`. */
  readonly usage: string
  readonly summary: string
  /** Adds it to a parser; what it ends with goes to `ended`. */
  addTo(parser: Argv, tools: (args: CommonOptions) => Tools, ended: (code: ExitCode) => void): Argv
}

/** Defines a command with typed options. */
export function defineCommand<Options>(definition: {
  readonly usage: string
  readonly summary: string
  readonly options: (parser: Argv) => Argv<Options>
  /** @returns the exit code @default ok */
  readonly run: (args: Arguments<Options>, tools: Tools) => Promise<ExitCode | void>
}): Command {
  const { usage, summary, options, run } = definition
  return {
    usage,
    summary,
    addTo: (parser, tools, ended) =>
      parser.command(usage, summary, options, async (args) => {
        const common = args as unknown as CommonOptions
        ended((await run(args as Arguments<Options>, tools(common))) ?? exitCodes.ok)
      }),
  }
}

/** The tools of one run of a command. */
export function createTools(io: Io, common: CommonOptions): Tools {
  return {
    io,
    common,
    async withApi(work) {
      const connection = await connect(common, io)
      try {
        return await work(connection)
      } finally {
        await connection.close()
      }
    },
    local: () => findLocal(common, io),
    print: (value, text) => io.out(common.json ? `${JSON.stringify(value, null, 2)}\n` : text()),
    async confirm(question) {
      if (common.yes) return
      const answer = await io.ask(`${question} [y/N] `)
      if (answer === undefined)
        throw new CommandError(`${question} Give --yes to do it without being asked`, exitCodes.usage)
      if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was done', exitCodes.failed)
    },
    progress: (title) => createProgress(io, title),
  }
}
