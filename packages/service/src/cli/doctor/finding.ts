/** What one check found. */
export interface Finding {
  /** What was looked at: `redis version`. */
  readonly check: string
  readonly state: 'ok' | 'warning' | 'failed'
  /** What was seen. */
  readonly seen: string
  /** What to do about it. */
  readonly advice?: string
}

/** What a check found in order. */
export function ok(check: string, seen: string): Finding {
  return { check, state: 'ok', seen }
}

/** What a check found that can hurt. */
export function warning(check: string, seen: string, advice: string): Finding {
  return { check, state: 'warning', seen, advice }
}

/** What a check found that keeps things from working. */
export function failed(check: string, seen: string, advice: string): Finding {
  return { check, state: 'failed', seen, advice }
}

/** How far two clocks are apart that were read between two readings of this one, in milliseconds. */
export function clockFinding(
  check: string,
  reading: { readonly before: number; readonly remote: number; readonly after: number },
): Finding {
  const { before, remote, after } = reading
  const offset = Math.round(remote - (before + after) / 2)
  const unsure = Math.ceil((after - before) / 2)
  const seen = `${offset >= 0 ? '+' : ''}${offset} ms beside this machine (± ${unsure} ms)`
  // Entries say when they expire by the clock of the store; beyond a second a person is misled by what is shown.
  return Math.abs(offset) - unsure <= 1_000
    ? ok(check, seen)
    : warning(check, seen, 'let both machines keep their time by NTP')
}
