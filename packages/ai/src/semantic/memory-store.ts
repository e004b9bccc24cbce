import { type SemanticBounds, type SemanticStore, readBounds } from './semantic-store.ts'

interface Row {
  readonly context: string
  readonly tenant: string
  readonly question: string
  /** Of length 1. */
  readonly vector: Float64Array
  readonly keptAt: number
}

/** Questions in the memory of one process, compared one by one. @throws E_CALL_OPTION, E_OPTION_INVALID */
export function memorySemanticStore(bounds: SemanticBounds = {}): SemanticStore {
  const { maxQuestions, maxPerTenant, life, clock } = readBounds(bounds)
  const contexts = new Map<string, Map<string, Row>>()
  const tenants = new Map<string, number>()
  // The least lately used first.
  const used = new Set<Row>()

  function drop(row: Row | undefined): void {
    if (row === undefined || !used.delete(row)) return
    const { context, tenant, question } = row
    const rows = contexts.get(context)
    rows?.delete(question)
    if (rows?.size === 0) contexts.delete(context)
    const left = (tenants.get(tenant) ?? 0) - 1
    if (left > 0) tenants.set(tenant, left)
    else tenants.delete(tenant)
  }

  function first(suits: (row: Row) => boolean): Row | undefined {
    for (const row of used) if (suits(row)) return row
    return undefined
  }

  const find = (context: string, question: string): Row | undefined => contexts.get(context)?.get(question)

  return {
    async nearest({ context, vector, atLeast, limit }) {
      const asked = unit(vector)
      const until = clock.now() - life
      const rows = [...(contexts.get(context)?.values() ?? [])]
      for (const row of rows) if (row.keptAt <= until) drop(row)
      return rows
        .filter(({ keptAt }) => keptAt > until)
        .map((row) => ({
          question: row.question,
          similarity: product(asked, row.vector),
          keptAt: row.keptAt,
        }))
        .filter(({ similarity }) => similarity >= atLeast)
        .toSorted((a, b) => b.similarity - a.similarity)
        .slice(0, limit)
    },
    async keep({ context, tenant, question, vector }) {
      drop(find(context, question))
      const row = { context, tenant, question, vector: unit(vector), keptAt: clock.now() }
      const rows = contexts.get(context) ?? new Map<string, Row>()
      contexts.set(context, rows.set(question, row))
      used.add(row)
      tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1)
      if ((tenants.get(tenant) ?? 0) > maxPerTenant) drop(first((one) => one.tenant === tenant))
      if (used.size > maxQuestions) drop(first(() => true))
    },
    async touch(context, question) {
      const row = find(context, question)
      if (row !== undefined && used.delete(row)) used.add(row)
    },
    async forget(context, question) {
      drop(find(context, question))
    },
    async forgetTenant(tenant) {
      for (const row of used) if (row.tenant === tenant) drop(row)
    },
  }
}

function unit(vector: readonly number[]): Float64Array {
  const length = Math.hypot(...vector)
  return Float64Array.from(vector, (value) => (length === 0 ? 0 : value / length))
}

/** The cosine of two vectors of length 1; NaN, which is above no threshold, for two of different sizes. */
function product(a: Float64Array, b: Float64Array): number {
  if (a.length !== b.length) return Number.NaN
  return a.reduce((sum, value, index) => sum + value * (b[index] as number), 0)
}
