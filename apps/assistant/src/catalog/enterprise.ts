import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { counts, instant } from './json.ts'
import { lifeOf } from './ttl.ts'

/** Who of the enterprise is active and with what (section 12.1, row A13). */
export const EnterpriseUsers = z.looseObject({
  total_users: z.int(),
  active_sessions: z.int(),
  users_by_department: counts,
  users_by_level: counts,
  activity_summary: z.looseObject({
    intent_distribution: counts,
    peak_hours: z.array(z.string()),
    average_session_duration_minutes: z.number(),
  }),
  last_updated: instant,
})
export type EnterpriseUsers = z.infer<typeof EnterpriseUsers>

/** One cost centre's day (section 12.2, row A14). Amounts are in `currency`. */
export const CostCenterDay = z.looseObject({
  cost_center: z.string(),
  date: z.iso.date(),
  department: z.string(),
  manager: z.string(),
  statistics: z.looseObject({
    total_bookings: z.int(),
    total_amount: z.number(),
    currency: z.string(),
    booking_types: counts,
    approval_status: counts,
    average_booking_amount: z.number(),
  }),
  top_users: z.array(z.looseObject({ user_id: z.string(), bookings: z.int(), amount: z.number() })),
  generated_at: instant,
})
export type CostCenterDay = z.infer<typeof CostCenterDay>

/** `enterprise:users:active` (section 12.1, row A13). */
export const enterpriseUsersActiveSpace = defineSpace({
  name: 'enterprise_users_active',
  key: 'enterprise:users:active',
  schema: EnterpriseUsers,
  ttl: lifeOf('enterprise_users_active'),
  format: 'document',
})

/** `cost_center:{code}:daily:{yyyymmdd}` (section 12.2, row A14). */
export const costCenterDailySpace = defineSpace({
  name: 'cost_center_daily',
  key: 'cost_center:{code}:daily:{yyyymmdd}',
  schema: CostCenterDay,
  ttl: lifeOf('cost_center_daily'),
  format: 'document',
  tags: ({ code }) => [`cost_center:${code}`],
})
