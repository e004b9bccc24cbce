/** What alarms are about (row C7). */
export type AlarmRuleName =
  | 'hit_rate'
  | 'log_lag'
  | 'load_failures'
  | 'memory_share'
  | 'stuck_results'
  | 'queue_age'
  | 'tier_unreachable'

/** When a rule raises its alarm and ends it. */
export interface AlarmThresholds {
  /** Beyond it the alarm rises. */
  readonly on: number
  /** Within it the alarm falls; it has to be on the good side of `on`. */
  readonly off: number
  /** For how long the figure has to be there, in milliseconds. */
  readonly for: number
}

/** A rule as it is built in. */
export interface AlarmRule extends AlarmThresholds {
  readonly about: string
  readonly unit: 'ratio' | 'seconds' | 'count'
  readonly beyond: 'above' | 'below'
}

/** What settings say of each rule: other thresholds, or that it is off. */
export type AlarmSettings = { readonly [Name in AlarmRuleName]?: Partial<AlarmThresholds> | 'off' }

const minute = 60_000

/** The rules with their defaults. */
export const alarmRules: { readonly [Name in AlarmRuleName]: AlarmRule } = {
  hit_rate: {
    about: 'Fresh answers among all reads since the last round; from 100 reads on',
    unit: 'ratio',
    beyond: 'below',
    on: 0.5,
    off: 0.6,
    for: 5 * minute,
  },
  log_lag: {
    about: 'Time since a process knew that it had applied the whole log of the shared store',
    unit: 'seconds',
    beyond: 'above',
    on: 10,
    off: 2,
    for: 30_000,
  },
  load_failures: {
    about: 'Loads that failed among all that ended since the last round; from 20 on',
    unit: 'ratio',
    beyond: 'above',
    on: 0.5,
    off: 0.2,
    for: 2 * minute,
  },
  memory_share: {
    about: 'Memory of a process among what it may have: the limit of its container, else the machine',
    unit: 'ratio',
    beyond: 'above',
    on: 0.9,
    off: 0.8,
    for: 5 * minute,
  },
  stuck_results: {
    about: 'Generations of results whose generator was lost and that nobody has taken over',
    unit: 'count',
    beyond: 'above',
    on: 0,
    off: 0,
    for: 2 * minute,
  },
  queue_age: {
    about: 'How long the oldest task has been waiting',
    unit: 'seconds',
    beyond: 'above',
    on: 300,
    off: 60,
    for: minute,
  },
  tier_unreachable: {
    about: 'Tiers that a process cannot reach: 1, else 0, for each',
    unit: 'count',
    beyond: 'above',
    on: 0,
    off: 0,
    for: 30_000,
  },
}

/** A rule that is on, as the settings have it. */
export interface ActiveRule extends AlarmRule {
  readonly rule: AlarmRuleName
}

/** Every rule as settings have it; `enabled` tells which are on. */
export function readRules(settings: AlarmSettings): readonly (ActiveRule & { readonly enabled: boolean })[] {
  return (Object.entries(alarmRules) as [AlarmRuleName, AlarmRule][]).map(([rule, initial]) => {
    const own = settings[rule]
    return own === 'off' ? { rule, ...initial, enabled: false } : { rule, ...initial, ...own, enabled: true }
  })
}

/** Whether `off` is on the good side of `on`, or where it is. */
export function isSound({ beyond, on, off }: Pick<AlarmRule, 'beyond' | 'on' | 'off'>): boolean {
  return beyond === 'above' ? off <= on : off >= on
}
