import { defineSpace } from '@reprise/cache'
import { z } from 'zod'
import { instant, jsonObject, share, slotMap } from './json.ts'
import { preferences } from './profile.ts'
import { lifeOf } from './ttl.ts'

/** The device that a request came from (section 2.1, row A3). */
export const DeviceInfo = z.looseObject({
  platform: z.string().optional(),
  user_agent: z.string().optional(),
  ip_address: z.string().optional(),
  screen_resolution: z.string().optional(),
  language: z.string().optional(),
})

/** Where the user is (section 2.1, row A3). */
export const Location = z.looseObject({
  city: z.string().optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  timezone: z.string().optional(),
})

/** One turn as the session carries it (section 2.1); the long form is a `HistoryTurn`. */
export const SessionTurn = z.looseObject({
  turn: z.int(),
  user_input: z.string(),
  intent: z.string().nullable().optional(),
  confidence: share.optional(),
  timestamp: instant,
})
export type SessionTurn = z.infer<typeof SessionTurn>

/**
 * The context of a session (section 2.1, row A3): its state, the request's own fields, the user's stored
 * preferences, and `temp_preferences` that override them for this session only.
 */
export const SessionContext = z.looseObject({
  session_id: z.string(),
  user_id: z.string(),
  created_at: instant,
  current_intent: z.string().nullable(),
  current_slots: slotMap,
  conversation_history: z.array(SessionTurn),
  device_info: DeviceInfo.optional(),
  location: Location.optional(),
  client_system_id: z.string().optional(),
  request_trace_id: z.string().optional(),
  business_context: jsonObject.optional(),
  temp_preferences: preferences.optional(),
  user_preferences: preferences.optional(),
})
export type SessionContext = z.infer<typeof SessionContext>

/** A session with its context and the shortcut fields that repeat parts of it (section 2.1, row A3). */
export const SessionBasic = z.looseObject({
  id: z.int(),
  session_id: z.string(),
  user_id: z.string(),
  context: SessionContext,
  created_at: instant,
  current_intent: z.string().nullable(),
  current_slots: slotMap,
  conversation_history: z.array(SessionTurn),
  device_info: DeviceInfo.optional(),
  location: Location.optional(),
  user_preferences: preferences.optional(),
})
export type SessionBasic = z.infer<typeof SessionBasic>

/** `session_context:{session_id}`: the context alone (section 1.1, row A3). */
export const sessionSpace = defineSpace({
  name: 'session',
  key: 'session_context:{session_id}',
  schema: SessionContext,
  ttl: lifeOf('session'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})

/** `session:{session_id}`: the whole session (section 2.1, row A3). */
export const sessionBasicSpace = defineSpace({
  name: 'session_basic',
  key: 'session:{session_id}',
  schema: SessionBasic,
  ttl: lifeOf('session_basic'),
  format: 'document',
  tags: ({ session_id }) => [`session:${session_id}`],
})
