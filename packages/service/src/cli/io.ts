/** What a command reads from and writes to; a test gives its own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  /** What is asked for: tables, JSON, values. */
  out(text: string): void
  /** What is said beside it: progress, questions, warnings. */
  err(text: string): void
  /** Whether a person looks at `err`. */
  readonly isTerminal: boolean
  /** Characters a line may have. */
  readonly columns: number
  /** One line that a person types, without its end; undefined where nobody can answer. */
  ask(question: string, options?: { readonly hidden?: boolean }): Promise<string | undefined>
  /** Fires when the person wants the command to end (Ctrl-C). */
  readonly interrupted: AbortSignal
}
