import { z } from 'zod'
import { jsonObject } from '../catalog/json.ts'
import { preferences } from '../catalog/profile.ts'
import { DeviceInfo, Location } from '../catalog/session.ts'
import { ChatError } from './chat-error.ts'
import type { RequestContext } from './context.ts'

/** Signs that other programs read as patterns or separators of keys, and what nobody can type. */
const unsafe = /[*?{}[\]:\\\p{Cc}\p{Cs}]/u
/** Deepest nesting of a context's objects and lists. */
const deepest = 10

const shape = z.looseObject({
  device_info: DeviceInfo.optional(),
  location: z.union([z.string(), Location]).optional(),
  business_context: jsonObject.optional(),
  temp_preferences: preferences.optional(),
})

/** @throws ChatError ID_INVALID for a user or session id that could be taken for a pattern or for several keys */
export function checkId(name: 'user_id' | 'session_id', id: string): void {
  if (!unsafe.test(id) && id.trim() !== '') return
  throw new ChatError(
    'ID_INVALID',
    `${name} ${JSON.stringify(id.slice(0, 80))}: give letters, digits and signs other than * ? { } [ ] : \\, without control characters`,
  )
}

/** @throws ChatError CONTEXT_INVALID naming the field that the session could not keep */
export function checkContext(context: RequestContext): void {
  checkNames(context, 'context', 0)
  const result = shape.safeParse(context)
  if (result.success) return
  const problems = result.error.issues.map((issue) => `context.${issue.path.join('.')}: ${issue.message}`)
  throw new ChatError('CONTEXT_INVALID', problems.join('; '))
}

function checkNames(value: unknown, path: string, depth: number): void {
  if (typeof value !== 'object' || value === null) return
  if (depth > deepest) {
    throw new ChatError('CONTEXT_INVALID', `${path}: nested more than ${deepest} levels deep`)
  }
  for (const [name, inner] of Object.entries(value)) {
    if (unsafe.test(name)) {
      throw new ChatError(
        'CONTEXT_INVALID',
        `${path}: the field name ${JSON.stringify(name.slice(0, 80))} has signs that are not allowed (* ? { } [ ] : \\ or control characters)`,
      )
    }
    checkNames(inner, `${path}.${name}`, depth + 1)
  }
}
