import type { Tier } from '../tier.ts'

/** What a flaky tier does to the calls of one operation: throw, never answer until healed, lie that nothing is there, or wait until released. */
export type Fault = 'throw' | 'hang' | 'lie'

/** The operations that can be made to fail. */
export type FaultyOperation = 'read' | 'write' | 'remove' | 'list' | 'sweep' | 'ping'

/** A tier that fails on command. */
export interface FlakyTier extends Tier {
  /** Makes an operation fail from now on. */
  break(operation: FaultyOperation, fault: Fault): void
  /** Lets everything work again; calls that hang go on now. */
  heal(): void
  /** How often each operation was called. */
  readonly calls: Readonly<Record<FaultyOperation, number>>
}

/** Wraps a tier so that it throws, hangs or lies on command. */
export function flakyTier(tier: Tier): FlakyTier {
  const faults = new Map<FaultyOperation, Fault>()
  const calls = { read: 0, write: 0, remove: 0, list: 0, sweep: 0, ping: 0 }
  let heal!: () => void
  const untilHealed = async (): Promise<void> => new Promise((resolve) => (heal = resolve))
  let healed = untilHealed()

  async function attempt<T>(operation: FaultyOperation, real: () => Promise<T>, lie: () => T): Promise<T> {
    calls[operation] += 1
    const fault = faults.get(operation)
    if (fault === 'throw') throw new Error(`${tier.name}: ${operation} was broken by the test`)
    if (fault === 'hang') await healed
    return fault === 'lie' ? lie() : real()
  }

  return {
    ...tier,
    read: async (keys) =>
      attempt(
        'read',
        async () => tier.read(keys),
        () => keys.map(() => undefined),
      ),
    write: async (records) =>
      attempt(
        'write',
        async () => tier.write(records),
        () => undefined,
      ),
    remove: async (keys) =>
      attempt(
        'remove',
        async () => tier.remove(keys),
        () => [],
      ),
    list: async (prefix, page) =>
      attempt(
        'list',
        async () => tier.list(prefix, page),
        () => ({ items: [] }),
      ),
    sweep: async (limit) =>
      attempt(
        'sweep',
        async () => tier.sweep(limit),
        () => 0,
      ),
    ping: async () =>
      attempt(
        'ping',
        async () => tier.ping(),
        () => undefined,
      ),
    break: (operation, fault) => void faults.set(operation, fault),
    heal() {
      faults.clear()
      heal()
      healed = untilHealed()
    },
    calls,
  }
}
