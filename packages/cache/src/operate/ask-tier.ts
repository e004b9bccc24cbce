import { within } from '../deadline.ts'
import type { Engine } from '../engine.ts'
import { RepriseError } from '../errors.ts'
import type { Tier } from '../tier.ts'

/** Asks a tier outside of reads and writes of entries, for at most its deadline. @throws E_TIER_READ when it fails or hangs, E_TIER_UNSUPPORTED when its store cannot do it */
export async function askTier<T>(engine: Engine, tier: Tier, question: () => Promise<T>): Promise<T> {
  const { name, readDeadline } = tier
  const late = (): Error =>
    new RepriseError('E_TIER_READ', `tier "${name}" did not answer within ${readDeadline} ms`)
  try {
    return await within(engine.clock, question(), { deadline: readDeadline, late })
  } catch (cause) {
    if (RepriseError.is(cause, 'E_TIER_READ') || RepriseError.is(cause, 'E_TIER_UNSUPPORTED')) throw cause
    throw new RepriseError(
      'E_TIER_READ',
      `tier "${name}" could not be asked: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
