import { type RaceContext, race } from '@reprise/cache'

/** How a strategy ends. */
export type End = 'valid' | 'invalid' | 'fails'
/** What happens to the key meanwhile; `reload`: it is deleted and loaded anew, from a source that has changed. */
export type Change = 'none' | 'delete' | 'tag' | 'set' | 'reload'
/** One thing that happens. */
export type Step = 'fast' | 'premium' | 'change'

/** One race: what happens in which order, and what becomes of each strategy. */
export interface Case {
  readonly order: readonly Step[]
  readonly fast: End
  readonly premium: End
  readonly change: Change
}

const ends: readonly End[] = ['valid', 'invalid', 'fails']
const orders: readonly (readonly Step[])[] = [
  ['fast', 'premium', 'change'],
  ['fast', 'change', 'premium'],
  ['premium', 'fast', 'change'],
  ['premium', 'change', 'fast'],
  ['change', 'fast', 'premium'],
  ['change', 'premium', 'fast'],
]

/** Every order of the three, with every end of both strategies and every change. */
export const cases: readonly Case[] = orders.flatMap((order) =>
  ends.flatMap((fast) =>
    ends.flatMap((premium) =>
      (['none', 'delete', 'tag', 'set', 'reload'] as const).map((change) => ({
        order,
        fast,
        premium,
        change,
      })),
    ),
  ),
)

/** A case in words. */
export const title = ({ order, fast, premium, change }: Case): string =>
  order.map((step) => (step === 'change' ? change : `${step} ${step === 'fast' ? fast : premium}`)).join(', ')

/** What is there in the end: whatever changed the key wins; else the best that was valid. */
export function finalOf({ fast, premium, change }: Case): string | undefined {
  if (change === 'set') return 'set'
  if (change === 'reload') return 'new'
  if (change !== 'none') return undefined
  if (premium === 'valid') return 'premium'
  return fast === 'valid' ? 'fast' : undefined
}

/** What whoever asked gets: the first that was valid; `failed` where none was. */
export function answerOf({ order, fast, premium }: Case): string {
  const ended = { fast, premium }
  const first = order.find((step) => step !== 'change' && ended[step] === 'valid')
  return first ?? 'failed'
}

/** A race of two strategies that a test ends one by one. */
export interface Controlled {
  readonly loader: (context: RaceContext<string>) => Promise<string>
  end(strategy: 'fast' | 'premium', how: End): void
  readonly signals: { fast?: AbortSignal; premium?: AbortSignal }
}

/** A race under the control of a test. */
export function controlledRace(timeout: number = 60_000): Controlled {
  const ending = new Map<string, (how: End) => void>()
  const signals: Controlled['signals'] = {}
  const strategy =
    (name: 'fast' | 'premium') =>
    ({ signal, meta }: { signal: AbortSignal; meta: (meta: { model: string; cost: number }) => void }) =>
      new Promise<string>((resolve, reject) => {
        signals[name] = signal
        meta({ model: `model-${name}`, cost: name === 'fast' ? 1 : 10 })
        ending.set(name, (how) =>
          how === 'fails'
            ? reject(new Error(`${name} is down`))
            : resolve(how === 'valid' ? name : 'nonsense'),
        )
      })
  return {
    loader: race(
      { fast: strategy('fast'), premium: strategy('premium') },
      { validate: (value) => value !== 'nonsense', timeout },
    ),
    end: (name, how) => ending.get(name)?.(how),
    signals,
  }
}
