import { createHash } from 'node:crypto'
import type { OperationFacts, OperationRow } from './operation.ts'

/** A place in the chain: how many rows there have been up to it, and the hash of the last. */
export interface Link {
  readonly position: number
  /** SHA-256 in hex; of the beginning, 64 zeros. */
  readonly hash: string
}

/**
 * JSON in one form only: names in the order of their code units, no white space (as RFC 8785 has it). What comes back
 * from a jsonb column gives the same text as what went in.
 */
export function canonicalJson(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = Object.entries(value).filter(([, item]) => item !== undefined)
  fields.sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(',')}}`
}

/** The hash of a row: over all that it says, its place, and the hash of the row before. */
export function hashOf(row: Omit<OperationRow, 'hash'>): string {
  const text = canonicalJson({ ...row, hash: undefined })
  return createHash('sha256').update(text).digest('hex')
}

/** Rows that continue the chain from its end. */
export function link(end: Link, facts: readonly OperationFacts[]): readonly OperationRow[] {
  let { position, hash: previous } = end
  return facts.map((fact) => {
    position += 1
    const row = { ...fact, position, previous }
    const hash = hashOf(row)
    previous = hash
    return { ...row, hash }
  })
}
