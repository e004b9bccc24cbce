import type { Cache, InvalidationReport } from '@reprise/cache'
import { AiError } from './errors.ts'
import { bytesOf } from './key/canonical.ts'
import { digestOf } from './key/digest.ts'
import { plainMessages } from './key/message-parts.ts'
import type { ModelCallRequest } from './key/request.ts'

/** What model calls are invalidated by: any of these together. */
export interface CallInvalidation {
  readonly prompt?: { readonly id: string; readonly version?: string }
  readonly model?: string
  /** A tool by its name. */
  readonly tool?: string
  /** The id that a call was given for a document, the URL of a file, or its bytes. */
  readonly document?: string | URL | Uint8Array
  /** Everything of a tenant. */
  readonly tenant?: string
}

/** The tags of a call: its model, prompt, prompt version, tools, files and documents. The tenant is part of the key. */
export function callTags(request: ModelCallRequest, documents: readonly string[] = []): string[] {
  const { prompt, model, tools = [] } = request
  const names = tools.flatMap((tool) =>
    typeof tool === 'object' && tool !== null && 'name' in tool && typeof tool.name === 'string'
      ? [tool.name]
      : [],
  )
  const all = [
    tagOf('model', model),
    ...promptTags(prompt),
    ...names.map((name) => tagOf('tool', name)),
    ...[...documents, ...filesOf(plainMessages(request.messages, undefined))].map((id) =>
      tagOf('document', id),
    ),
  ]
  return [...new Set(all)]
}

/**
 * Makes the answers of model calls disappear, also those that are being made (row F1).
 * @throws E_CALL_OPTION when nothing is named; what `cache.invalidate` throws
 */
export async function invalidateCalls(cache: Cache, target: CallInvalidation): Promise<InvalidationReport> {
  const { prompt, model, tool, document, tenant } = target
  const tags = [
    ...promptTags(prompt).slice(-1),
    ...(model === undefined ? [] : [tagOf('model', model)]),
    ...(tool === undefined ? [] : [tagOf('tool', tool)]),
    ...(document === undefined ? [] : [tagOf('document', documentId(document))]),
  ]
  if (tags.length === 0 && tenant === undefined) {
    throw new AiError(
      'E_CALL_OPTION',
      'invalidateCalls() names nothing; give prompt, model, tool, document or tenant',
    )
  }
  return cache.invalidate({ tags, ...(tenant === undefined ? {} : { tenant }) })
}

/** The tag of a prompt, and the one of its version. */
function promptTags(prompt: ModelCallRequest['prompt']): string[] {
  if (prompt === undefined) return []
  const { id, version } = prompt
  return [tagOf('prompt', id), ...(version === undefined ? [] : [tagOf('prompt', id, version)])]
}

function documentId(document: string | URL | Uint8Array): string {
  if (typeof document === 'string') return document
  return document instanceof URL ? document.href : digestOf(document)
}

/** Names are escaped where they hold what separates them, and told by their digest where they are long. */
function tagOf(kind: string, ...names: readonly string[]): string {
  const escaped = names
    .map((name) => name.replaceAll(/[%@]/g, (sign) => (sign === '%' ? '%25' : '%40')))
    .join('@')
  return escaped.length > 200 ? `${kind}:%${digestOf(escaped)}` : `${kind}:${escaped}`
}

/** Digests and URLs of what files hold. */
function filesOf(value: unknown): string[] {
  const bytes = bytesOf(value)
  if (bytes !== undefined) return [digestOf(bytes)]
  if (typeof value !== 'object' || value === null || value instanceof Date) return []
  if (Array.isArray(value)) return value.flatMap(filesOf)
  if ('url' in value && typeof value.url === 'string' && Object.keys(value).length === 1) return [value.url]
  return Object.values(value).flatMap(filesOf)
}
