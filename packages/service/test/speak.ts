import type { Io } from '../src/cli/io.ts'

/** What a command said. */
export interface Said {
  readonly out: string
  readonly err: string
}

/** A person without a terminal, who answers questions from a list. */
export function speak(
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly cwd?: string
    readonly answers?: readonly string[]
    readonly interrupted?: AbortSignal
  } = {},
): { readonly io: Io; readonly said: () => Said } {
  const answers = [...(options.answers ?? [])]
  const said = { out: '', err: '' }
  return {
    said: () => ({ ...said }),
    io: {
      env: options.env ?? {},
      cwd: options.cwd ?? '/',
      isTerminal: false,
      columns: 160,
      interrupted: options.interrupted ?? new AbortController().signal,
      out: (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      ask: async (question) => {
        said.err += question
        return answers.shift()
      },
    },
  }
}
