import { z } from 'zod'

/** An instant as ISO-8601 text with its zone offset, such as `2026-11-21T08:26:18.123+08:00`. */
export const timestamp = z.iso.datetime({ offset: true })

/** One refused field of a request: `field` is its path with dots, such as `context.device_info`. */
export const errorDetail = z.strictObject({ field: z.string(), message: z.string() })

/** The answer of a call that could not be done (row B8); `data` is always null. */
export const errorEnvelope = z.strictObject({
  success: z.literal(false),
  data: z.null(),
  message: z.string(),
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

/** The answer of a call that could not be done. */
export type ErrorEnvelope = z.infer<typeof errorEnvelope>
