import { AiError } from '../errors.ts'
import { bytesOf } from './canonical.ts'
import { keptOptions } from './provider-options.ts'
import type { ProviderOptionRules } from './request.ts'

const filePart = /^(?:reasoning-)?(?:file|image|audio)(?:-data|-url)?$/
const base64 = /^(?:[A-Za-z0-9+/_-]{4})*(?:[A-Za-z0-9+/_-]{2,3}={0,2})?$/

/**
 * Messages in the shape that a key is made of: what a file holds is bytes or a URL, however its library spells that,
 * and options of parts are kept or left out like those of the call. @throws E_CALL_VALUE for a cycle
 */
export function plainMessages(messages: unknown, rules: ProviderOptionRules | undefined): unknown {
  return plain(messages, { rules, above: new Set() })
}

interface Walk {
  readonly rules: ProviderOptionRules | undefined
  readonly above: Set<object>
}

function plain(value: unknown, walk: Walk): unknown {
  if (typeof value !== 'object' || value === null || bytesOf(value) !== undefined) return value
  if (walk.above.has(value))
    throw new AiError('E_CALL_VALUE', 'messages contain themselves; a key needs an end')
  walk.above.add(value)
  const made = Array.isArray(value) ? value.map((item) => plain(item, walk)) : plainMember(value, walk)
  walk.above.delete(value)
  return made
}

function plainMember(value: object, walk: Walk): unknown {
  const prototype: unknown = Object.getPrototypeOf(value)
  // Dates, URLs and what has no text are the canonical text's business.
  if (prototype !== Object.prototype && prototype !== null) return value
  const isFile = 'type' in value && typeof value.type === 'string' && filePart.test(value.type)
  const members = Object.entries(value).map(([name, member]): [string, unknown] => {
    if (name === 'providerOptions') return [name, keptOptions(member, walk.rules)]
    if (isFile && ['data', 'image', 'audio', 'url'].includes(name)) return [name, fileContent(member)]
    return [name, plain(member, walk)]
  })
  return Object.fromEntries(members)
}

/** Bytes, or the URL that stands for them. */
function fileContent(given: unknown): unknown {
  if (given instanceof URL) return fileContent(given.href)
  if (typeof given === 'string') {
    const inline = /^data:[^,]*?(;base64)?,/i.exec(given)
    if (inline !== null) {
      const rest = given.slice(inline[0].length)
      return inline[1] === undefined ? Buffer.from(decodeURIComponent(rest)) : Buffer.from(rest, 'base64')
    }
    if (URL.canParse(given)) return { url: new URL(given).href }
    return base64.test(given) ? Buffer.from(given, 'base64') : given
  }
  if (typeof given === 'object' && given !== null && 'type' in given) {
    if (given.type === 'data' && 'data' in given) return fileContent(given.data)
    if (given.type === 'url' && 'url' in given) return fileContent(given.url)
  }
  return given
}
