import assert from 'node:assert/strict'
import { RepriseError } from '../errors.ts'
import type { TierCheck } from './tier-stage.ts'

/** The cases about what a tier declares that it lacks. */
export const tierLacks: readonly TierCheck[] = [
  [
    'a tier that cannot list says so with E_TIER_UNSUPPORTED, and sweeps nothing',
    async ({ tier, record }) => {
      if (tier.capabilities?.list !== false) return
      await tier.write([record('p:a')])
      const refused = (error: unknown): boolean => RepriseError.is(error, 'E_TIER_UNSUPPORTED')
      await assert.rejects(async () => tier.list('p:', { limit: 10 }), refused)
      await assert.rejects(async () => tier.usage('p:'), refused)
      assert.equal(await tier.sweep(10), 0)
    },
  ],
]
