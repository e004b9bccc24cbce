import type { CallPlan, SharedCall } from '../call-plan.ts'
import { marked } from './mark.ts'
import type { GenerateResult, Part } from './model.ts'
import { entryNames } from './plan.ts'
import type { MiddlewareSettings } from './settings.ts'
import { tokensOf } from './usage.ts'

/** A call as one of its callers sees it. */
export interface Told {
  readonly call: SharedCall<Part>
  /** Whether this caller began it. */
  readonly leader: boolean
  readonly plan: CallPlan<Part>
  readonly model: Parameters<typeof entryNames>[1]
}

/** A result or the end of a stream as its caller gets it, entered in the ledger where it was not paid for. */
export function tell<T extends GenerateResult | Part>(
  target: T,
  { call: { storedAt, similar, elsewhere }, leader, plan, model }: Told,
  { clock, ledger }: Pick<MiddlewareSettings, 'clock' | 'ledger'>,
): T {
  const { answer, tenant } = plan.params
  const reader = { leader, storedAt, similar, elsewhere, answer, now: clock.now() }
  return marked(target, reader, (kind, usage) => {
    ledger?.record({ kind, ...entryNames(tenant, model), usage: tokensOf(usage) })
  })
}
