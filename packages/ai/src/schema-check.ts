import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { canonicalText } from './key/canonical.ts'

/** Whether a value satisfies a schema. */
export type SchemaCheck = (value: unknown) => boolean

const options = {
  strict: false,
  validateFormats: false,
  validateSchema: false,
  addUsedSchema: false,
  logger: false,
} as const
const mostKept = 500
const kept = new Map<string, SchemaCheck | undefined>()

/** The check of a JSON Schema (draft 7 or 2020-12), compiled once; undefined for a schema that cannot be compiled. */
export function schemaCheck(schema: object): SchemaCheck | undefined {
  const text = canonicalText(schema, 'schema')
  const known = kept.get(text)
  if (known !== undefined || kept.has(text)) return known
  const made = compile(JSON.parse(text) as { $schema?: unknown })
  kept.set(text, made)
  if (kept.size > mostKept) kept.delete(kept.keys().next().value as string)
  return made
}

function compile({ $schema, ...schema }: { readonly $schema?: unknown }): SchemaCheck | undefined {
  try {
    const ajv = String($schema).includes('2020-12') ? new Ajv2020(options) : new Ajv(options)
    const validate: ValidateFunction = ajv.compile(schema)
    return (value) => validate(value)
  } catch {
    return undefined
  }
}
