import type { Cache } from '@reprise/cache'
import type { Database } from '@reprise/database'
import { costCenterDailySpace } from '../catalog/enterprise.ts'
import type { UserProfile } from '../catalog/profile.ts'
import type { SystemThresholds } from '../catalog/settings.ts'
import type { Call } from '../dialogue/execute.ts'
import { businessDay } from '../figures/business-day.ts'
import { CallError } from './call-error.ts'
import type { CallParams } from './parameters.ts'
import * as statements from './statements.ts'

/** What decides where a booking is counted and whether somebody has to approve it. */
export interface BookingFacts {
  readonly profile: UserProfile
  readonly thresholds: SystemThresholds
}

/** The durable record of calls that must not happen twice. */
export interface Bookings {
  /**
   * Notes that a call is about to be made; answers with its result when it was already.
   * @throws CallError REFUSED when the key is of another call or another user
   */
  begin(call: Call, params: CallParams, facts: BookingFacts): Promise<Record<string, unknown> | undefined>
  /** Notes what the service answered, and returns the answer with its `approval_status`. */
  confirm(
    call: Pick<Call, 'idempotencyKey' | 'businessContext'>,
    result: Readonly<Record<string, unknown>>,
    facts: BookingFacts,
  ): Promise<Record<string, unknown>>
  /** Notes that the call failed. */
  fail(call: Pick<Call, 'idempotencyKey'>, reason: string): Promise<void>
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

type Context = Pick<Call, 'businessContext'>

function costCenter({ businessContext }: Context, { profile }: BookingFacts): string | null {
  return text(businessContext?.['cost_center']) ?? profile.preferences.cost_center ?? null
}

/** `booking_flight` is a booking of the type `flight`; other functions go by their own name. */
function bookingType({ definition }: Call): string {
  return /^book_(\w+?)(_api)?$/.exec(definition.function_name)?.[1] ?? definition.function_name
}

/** Bookings above the amount of the rules, and those whose context asks for it, wait for a manager. */
function approvalOf(call: Context, amount: number | null, { thresholds }: BookingFacts): string {
  const { approval_amount_threshold: limit, require_manager_approval: manager } =
    thresholds.enterprise_specific
  const wanted = call.businessContext?.['approval_required'] === true
  return wanted || (manager && (amount ?? 0) > limit) ? 'pending_approval' : 'auto_approved'
}

/** Opens the record of bookings. `onError` hears when a figure that a booking has made old could not be dropped. */
export function openBookings(options: {
  readonly cache: Cache
  readonly database: Database
  readonly now: () => Date
  readonly onError: (error: unknown) => void
}): Bookings {
  const { cache, database, now, onError } = options
  const days = cache.open(costCenterDailySpace)

  return {
    async begin(call, params, facts) {
      const department =
        text(call.businessContext?.['department']) ?? text(facts.profile.profile_data['department'])
      const { rows } = await database.query<{
        status: string
        result: Record<string, unknown> | null
        user_id: string
        same: boolean
      }>(statements.beginBooking, [
        call.idempotencyKey,
        call.definition.function_name,
        call.sessionId,
        call.userId,
        JSON.stringify(params),
        bookingType(call),
        costCenter(call, facts),
        department,
        now(),
      ])
      const row = rows[0]
      if (row === undefined) return undefined
      if (!row.same || row.user_id !== call.userId) {
        throw new CallError('REFUSED', `The key ${call.idempotencyKey} belongs to another call`)
      }
      return row.status === 'confirmed' ? (row.result ?? {}) : undefined
    },
    async confirm(call, result, facts) {
      const { idempotencyKey: key } = call
      const given = result['price'] ?? result['amount'] ?? result['total_price']
      const amount = typeof given === 'number' ? given : null
      const approval = approvalOf(call, amount, facts)
      const whole = { ...result, approval_status: approval }
      const currency = text(result['currency'])
      const at = now()
      await database.query(statements.confirmBooking, [key, whole, amount, currency, approval, at])
      const code = costCenter(call, facts)
      if (code !== null) await days.delete({ code, yyyymmdd: businessDay(at).compact }).catch(onError)
      return whole
    },
    async fail({ idempotencyKey: key }, reason) {
      await database.query(statements.failBooking, [key, reason, now()])
    },
  }
}
