/** What the exit code of a command says. */
export const exitCodes = {
  ok: 0,
  /** It was tried and did not succeed. */
  failed: 1,
  /** The command line is wrong; nothing was tried. */
  usage: 2,
  /** What was asked for does not exist. */
  absent: 3,
  /** No token, or one whose role is not enough. */
  refused: 4,
  /** Neither the server nor the stores can be reached. */
  unreachable: 5,
  /** Ended by Ctrl-C; running it again goes on. */
  interrupted: 130,
} as const

/** An exit code of the command line. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A command that cannot go on, told to the person in one line. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}
