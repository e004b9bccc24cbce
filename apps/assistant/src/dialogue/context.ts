import { randomBytes } from 'node:crypto'
import type { Preferences, UserProfile } from '../catalog/profile.ts'
import type { SessionBasic, SessionContext } from '../catalog/session.ts'
import { isTimezone } from '../recognise/calendar.ts'
import { type Language, preferredLanguage } from './language.ts'
import { type Standing, idle } from './standing.ts'

/** What a request may tell about its situation (row A3). */
export interface RequestContext {
  readonly device_info?: Readonly<Record<string, unknown>> | undefined
  readonly location?: string | Readonly<Record<string, unknown>> | undefined
  readonly client_system_id?: string | undefined
  readonly request_trace_id?: string | undefined
  readonly business_context?: Readonly<Record<string, unknown>> | undefined
  readonly temp_preferences?: Readonly<Record<string, unknown>> | undefined
}

/** Where a session's dialogue stands, kept in its context beside the document's own fields. */
export interface DialogueState {
  /** Turns so far. */
  readonly turn: number
  readonly standing: Standing
  readonly language: Language
}

/** A session with its dialogue state. */
export type Session = SessionBasic & { readonly context: Context }

/** The context of a session with its dialogue state. */
export type Context = SessionContext & { readonly dialogue: DialogueState }

/** The dialogue state of a context; of one that another program wrote, what its documented fields tell. */
export function stateOf(context: SessionContext): DialogueState {
  const state = context['dialogue'] as Partial<DialogueState> | undefined
  if (state?.standing !== undefined) return state as DialogueState
  const { current_intent: intent, current_slots: slots, created_at: at } = context
  const task = { intent_name: intent ?? '', confidence: 1, slots, begun_at: at, touched_at: at }
  return {
    turn: Math.max(0, ...context.conversation_history.map(({ turn }) => turn)),
    standing: intent === null ? idle : { ...idle, task },
    language: preferredLanguage(context.user_preferences?.language),
  }
}

/** A new session id: `sess_` and 12 hexadecimal characters. */
export function newSessionId(): string {
  return `sess_${randomBytes(6).toString('hex')}`
}

/** The user's preferences in this session: the stored ones, with `temp_preferences` over them (row A3). */
export function effectivePreferences(context: SessionContext): Preferences {
  return { ...context.user_preferences, ...context.temp_preferences }
}

/** The zone that 明天 is counted in: the session's own, the device's, the user's, or Shanghai's. */
export function timezoneOf(context: SessionContext): string {
  const wished = [
    context.temp_preferences?.timezone,
    context.location?.timezone,
    context.user_preferences?.timezone,
  ]
  return wished.find((zone) => zone !== undefined && isTimezone(zone)) ?? 'Asia/Shanghai'
}

/** The context with what this request tells laid over what earlier ones told; preferences come from the profile. */
export function mergeContext(context: Context, request: RequestContext, profile: UserProfile): Context {
  const { location, ...rest } = request
  const told = {
    ...rest,
    ...(location === undefined
      ? {}
      : { location: typeof location === 'string' ? { city: location } : location }),
  }
  const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  return {
    ...context,
    ...given,
    ...(request.temp_preferences === undefined
      ? {}
      : { temp_preferences: { ...context.temp_preferences, ...request.temp_preferences } }),
    user_preferences: profile.preferences,
  }
}

/** The session of a context: the shortcut fields of section 2.1 repeat parts of it. */
export function deriveSession(id: number, context: Context): Session {
  return {
    id,
    session_id: context.session_id,
    user_id: context.user_id,
    context,
    created_at: context.created_at,
    current_intent: context.current_intent,
    current_slots: context.current_slots,
    conversation_history: context.conversation_history,
    ...(context.device_info === undefined ? {} : { device_info: context.device_info }),
    ...(context.location === undefined ? {} : { location: context.location }),
    ...(context.user_preferences === undefined ? {} : { user_preferences: context.user_preferences }),
  }
}

/** The context of a session that has not had a turn. */
export function newContext(options: {
  sessionId: string
  userId: string
  now: Date
  language: Language
}): Context {
  return {
    session_id: options.sessionId,
    user_id: options.userId,
    created_at: options.now.toISOString(),
    current_intent: null,
    current_slots: {},
    conversation_history: [],
    dialogue: { turn: 0, standing: idle, language: options.language },
  }
}
