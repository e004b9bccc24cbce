import type { Engine } from './engine.ts'
import { RepriseError } from './errors.ts'
import type { Tier } from './tier.ts'

/** Asks a tier outside of reads and writes of entries, for at most its deadline. @throws E_TIER_READ when it fails or hangs */
export async function askTier<T>(engine: Engine, tier: Tier, question: () => Promise<T>): Promise<T> {
  const { name, readDeadline } = tier
  return new Promise((resolve, reject) => {
    const late = new RepriseError('E_TIER_READ', `tier "${name}" did not answer within ${readDeadline} ms`)
    const timer =
      readDeadline === Infinity ? undefined : engine.clock.setTimeout(() => reject(late), readDeadline)
    question().then(
      (answer) => {
        timer?.cancel()
        resolve(answer)
      },
      (cause: unknown) => {
        timer?.cancel()
        reject(
          RepriseError.is(cause, 'E_TIER_READ')
            ? cause
            : new RepriseError('E_TIER_READ', `tier "${name}" could not be asked`, { cause }),
        )
      },
    )
  })
}
