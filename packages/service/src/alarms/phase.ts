import type { ActiveRule } from './rules.ts'

/**
 * How a figure stands: quiet, rising while it is beyond `on` but not long enough, active, falling while it is within
 * `off` but not long enough. Between the two thresholds nothing rises and nothing falls.
 */
export interface Phase {
  readonly phase: 'quiet' | 'rising' | 'active' | 'falling'
  /** Milliseconds since 1970. */
  readonly since: number
}

/** A phase after a look, and what happened with it. */
export interface Step extends Phase {
  readonly event: 'raised' | 'cleared' | undefined
}

/** What a figure does to its phase; no figure is nothing to be alarmed about. */
export function stepPhase(
  rule: Pick<ActiveRule, 'on' | 'off' | 'for' | 'beyond'>,
  before: Phase | undefined,
  { value, now }: { readonly value: number | undefined; readonly now: number },
): Step {
  const sign = rule.beyond === 'above' ? 1 : -1
  const beyond = value !== undefined && sign * value > sign * rule.on
  const within = value === undefined || (!beyond && sign * value <= sign * rule.off)
  const { phase, since } = before ?? { phase: 'quiet', since: now }
  const stay = (): Step => ({ phase, since, event: undefined })
  const enter = (next: Phase['phase'], event?: Step['event']): Step => ({ phase: next, since: now, event })
  const isLong = now - since >= rule.for
  if (phase === 'quiet') {
    if (!beyond) return stay()
    return rule.for === 0 ? enter('active', 'raised') : enter('rising')
  }
  if (phase === 'rising') {
    if (!beyond) return enter('quiet')
    return isLong ? enter('active', 'raised') : stay()
  }
  if (phase === 'active') {
    if (!within) return stay()
    return rule.for === 0 ? enter('quiet', 'cleared') : enter('falling')
  }
  if (!within) return enter('active')
  return isLong ? enter('quiet', 'cleared') : stay()
}
