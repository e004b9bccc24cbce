import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject } from './json.ts'
import { lifeOf } from './ttl.ts'

/** Preferences of a user by name (sections 2.1 and 4.1): those that the document names, and any others. */
export const preferences = z.looseObject({
  language: z.string().optional(),
  currency: z.string().optional(),
  timezone: z.string().optional(),
  date_format: z.string().optional(),
  time_format: z.string().optional(),
  notification_enabled: z.boolean().optional(),
  theme: z.string().optional(),
  auto_logout_minutes: z.number().optional(),
  preferred_airline: z.string().optional(),
  preferred_hotel_chain: z.string().optional(),
  default_travel_class: z.string().optional(),
  price_alert_enabled: z.boolean().optional(),
  booking_approval_required: z.boolean().optional(),
  cost_center: z.string().optional(),
  expense_limit: z.number().optional(),
})
export type Preferences = z.infer<typeof preferences>

/** A user's stored preferences and profile, managed by an administrator (section 4.1, row A5). */
export const UserProfile = z.looseObject({
  user_id: z.string(),
  loaded_at: instant,
  preferences,
  profile_data: jsonObject,
  last_updated: instant,
  managed_by: z.string().nullable(),
})
export type UserProfile = z.infer<typeof UserProfile>

/** `user_profile:{user_id}` (section 4.1, row A5). */
export const userProfileSpace = defineSpace({
  name: 'user_profile',
  key: 'user_profile:{user_id}',
  schema: UserProfile,
  ttl: lifeOf('user_profile'),
  format: 'document',
  tags: ({ user_id }) => [`user:${user_id}`],
})
