import { canonicalText } from './canonical.ts'
import { framedDigest } from './digest.ts'
import { fieldNames, readFields } from './fields.ts'
import type { KeyOptions, ModelCallRequest } from './request.ts'

/** Changes when the meaning of a key does, so that no answer is found under a key of other rules. */
const rules = 'reprise model call 1'

/** The identity of a model call: equal for two requests when a model could not tell them apart. */
export interface ModelCallKey {
  readonly tenant: string
  readonly model: string
  /** SHA-256 over every field of the request, tenant and model among them; 43 characters of base64url. */
  readonly digest: string
}

/**
 * The key of a model call (row F6), from everything that decides its answer. Each field is canonical text (RFC 8785) in a frame of its
 * length; headers, signals, user ids and prompt-cache hints are not part of it.
 * @throws E_CALL_FIELD without tenant, operation, provider or model; E_CALL_VALUE for what has no one text
 */
export function modelCallKey(request: ModelCallRequest, options: KeyOptions = {}): ModelCallKey {
  const fields = readFields(request, options)
  const frames = fieldNames.flatMap((name): [string, string][] =>
    fields[name] === undefined ? [] : [[name, canonicalText(fields[name], name)]],
  )
  return { tenant: request.tenant, model: request.model, digest: framedDigest([['rules', rules], ...frames]) }
}
