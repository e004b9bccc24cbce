import type { Queryable } from '@reprise/database'
import type { Preferences, UserProfile } from '../catalog/profile.ts'
import { selectUser } from './statements.ts'

/** What a user has who never set anything; stored preferences go over them one by one. */
export const defaultPreferences: Readonly<Preferences> = Object.freeze({
  language: 'zh-CN',
  currency: 'CNY',
  timezone: 'Asia/Shanghai',
  date_format: 'YYYY-MM-DD',
  time_format: '24h',
  notification_enabled: true,
  theme: 'light',
})

interface UserRow {
  readonly preferences: Preferences
  readonly profile_data: UserProfile['profile_data']
  readonly managed_by: string | null
  readonly updated_at: Date
}

/**
 * A user's preferences and profile (section 4.1, row A5); the defaults for a user without a row, who then has
 * `managed_by` null and was last updated at the first of 1970. `now` is the time of loading.
 */
export async function loadUserProfile(
  database: Queryable,
  userId: string,
  now: Date = new Date(),
): Promise<UserProfile> {
  const { rows } = await database.query<UserRow>(selectUser, [userId])
  const row = rows[0]
  return {
    user_id: userId,
    loaded_at: now.toISOString(),
    preferences: { ...defaultPreferences, ...row?.preferences },
    profile_data: row?.profile_data ?? {},
    last_updated: (row?.updated_at ?? new Date(0)).toISOString(),
    managed_by: row?.managed_by ?? null,
  }
}
