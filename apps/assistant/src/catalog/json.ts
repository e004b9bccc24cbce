// Words that the shapes of document 000 share. Objects are loose: other programs write the same keys and may add
// fields, which are kept. A text with a vocabulary is an enum only where the document or its database lists all of it.
import { z } from 'zod'

/** An instant as document 000 writes it: ISO 8601 with `Z`, with an offset, or (Python's `isoformat`) with neither. */
export const instant = z.iso.datetime({ offset: true, local: true })

/** A plain value: text, number, boolean or null. */
export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
export type Scalar = z.infer<typeof scalar>

/** Slot values by slot name, such as `{ departure_city: '北京' }`. */
export const slotMap = z.record(z.string(), scalar)
export type SlotMap = z.infer<typeof slotMap>

/** Any JSON object, kept as it is. */
export const jsonObject = z.record(z.string(), z.json())

/** Counts by name, such as `{ CC1001: 45 }`. */
export const counts = z.record(z.string(), z.number())

/** A share from 0 to 1: a confidence, a threshold, a rate. */
export const share = z.number().min(0).max(1)
