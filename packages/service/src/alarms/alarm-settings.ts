import { type ValueRule, readDuration, rule } from '../settings/setting-values.ts'
import { type AlarmRuleName, type AlarmSettings, type AlarmThresholds, alarmRules, isSound } from './rules.ts'

/** A map from rules to `off` or to thresholds that are not the built-in ones. */
export function alarmSettings(): ValueRule<AlarmSettings> {
  const names = Object.keys(alarmRules).join(', ')
  const allowed =
    `a map from rules (${names}) to off or {on, off, for}, off on the good side of on, ` +
    'such as {hit_rate: {on: 0.4, off: 0.5, for: 10m}, queue_age: off}'
  return rule(allowed, (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const read = Object.entries(value).map(([name, given]) => [name, readThresholds(name, given)] as const)
    if (read.some(([, thresholds]) => thresholds === undefined)) return undefined
    const rules: AlarmSettings = Object.fromEntries(read)
    return Object.freeze(rules)
  })
}

function readThresholds(name: string, given: unknown): Partial<AlarmThresholds> | 'off' | undefined {
  if (!Object.hasOwn(alarmRules, name)) return undefined
  // YAML reads a bare off as false.
  if (given === 'off' || given === false) return 'off'
  if (typeof given !== 'object' || given === null) return undefined
  const { on, off, for: length, ...unknown } = given as Record<string, unknown>
  const time = length === undefined ? undefined : readDuration(length, 0, 7 * 86_400_000)
  const isNumber = (one: unknown): boolean => one === undefined || Number.isFinite(one)
  if (Object.keys(unknown).length > 0 || !isNumber(on) || !isNumber(off)) return undefined
  if (length !== undefined && time === undefined) return undefined
  const thresholds = Object.fromEntries(
    Object.entries({ on, off, for: time }).filter(([, one]) => one !== undefined),
  ) as Partial<AlarmThresholds>
  return isSound({ ...alarmRules[name as AlarmRuleName], ...thresholds }) ? thresholds : undefined
}
