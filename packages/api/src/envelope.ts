import { z } from 'zod'

/** An instant as ISO-8601 text with its zone offset, such as `2026-11-21T08:26:18.123+08:00`. */
export const timestamp = z.iso.datetime({ offset: true })

/** One refused field of a request: `field` is its path with dots, such as `context.device_info`. */
export const errorDetail = z.strictObject({ field: z.string(), message: z.string() })

/** The members of a problem document (RFC 9457, section 3.1) that every refusal has. */
export const problemDetails = z.object({
  /** What kind of problem it is, as a reference relative to the service; `about:blank` where the status says it all. */
  type: z.string(),
  /** The kind in words, the same for each problem of this type. */
  title: z.string(),
  /** The HTTP status. */
  status: z.int().min(400).max(599),
  /** What is wrong with this request; the envelope's `message`. */
  detail: z.string(),
  /** The path of the request and, behind a `#`, its id. */
  instance: z.string(),
  /** The refused fields, where there are any. */
  errors: z.array(z.strictObject({ field: z.string(), detail: z.string() })).optional(),
})

/** The answer of a call that could not be done (row B8), a problem document as well; `data` is always null. */
export const errorEnvelope = z.strictObject({
  success: z.literal(false),
  data: z.null(),
  message: z.string(),
  ...problemDetails.shape,
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    request_id: z.string(),
    details: z.array(errorDetail).optional(),
  }),
  timestamp,
  request_id: z.string(),
})

/** The schema of the answer of a call whose data has this schema (row B2); `success` is false only beside a status of 400 and more. */
export function envelopeOf<Data extends z.ZodType>(data: Data) {
  return z.strictObject({
    success: z.boolean(),
    data,
    message: z.string(),
    timestamp,
    request_id: z.string(),
  })
}

/** The answer of a call that was done. */
export interface Envelope<Data> {
  readonly success: boolean
  readonly data: Data
  readonly message: string
  /** ISO-8601 with zone offset. */
  readonly timestamp: string
  readonly request_id: string
}

/** One refused field of a request. */
export type ErrorDetail = z.infer<typeof errorDetail>

/** What RFC 9457 says of a refusal. */
export type ProblemDetails = z.infer<typeof problemDetails>

/** The content type of a refusal (RFC 9457, section 6.1). */
export const problemContentType = 'application/problem+json'

/** The answer of a call that could not be done. */
export type ErrorEnvelope = z.infer<typeof errorEnvelope>
