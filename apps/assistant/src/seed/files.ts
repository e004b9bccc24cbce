import { readFile, readdir } from 'node:fs/promises'
import { parse } from 'yaml'
import type { z } from 'zod'
import {
  SeedDictionary,
  SeedIntent,
  SeedPrompts,
  SeedResponses,
  SeedSettings,
  SeedStatuses,
  SeedUsers,
} from './shapes.ts'

/** The seed: what a new assistant knows, as its files say it. */
export interface Seed {
  readonly dictionaries: readonly SeedDictionary[]
  readonly intents: readonly SeedIntent[]
  readonly responses: z.infer<typeof SeedResponses>
  readonly statuses: z.infer<typeof SeedStatuses>
  readonly settings: z.infer<typeof SeedSettings>
  readonly prompts: z.infer<typeof SeedPrompts>
  readonly users: z.infer<typeof SeedUsers>
}

/** Where the seed files are, for the source and for the build. */
export const seedDirectory = new URL('../../seed/', import.meta.url)

// Rows get their ids in this order, the document's booking_flight 1. Files not named here follow by name.
const first = ['booking-flight', 'booking-hotel', 'booking-train', 'check-balance', 'city']

/**
 * Reads the seed files of a folder.
 * @throws Error naming the file and the field that is wrong
 */
export async function readSeed(directory: URL = seedDirectory): Promise<Seed> {
  return {
    dictionaries: await readFolder(new URL('entities/', directory), SeedDictionary),
    intents: await readFolder(new URL('intents/', directory), SeedIntent),
    responses: await readSeedFile(new URL('responses.yaml', directory), SeedResponses),
    statuses: await readSeedFile(new URL('statuses.yaml', directory), SeedStatuses),
    settings: await readSeedFile(new URL('settings.yaml', directory), SeedSettings),
    prompts: await readSeedFile(new URL('prompts.yaml', directory), SeedPrompts),
    users: await readSeedFile(new URL('users.yaml', directory), SeedUsers),
  }
}

function place(name: string): number {
  const index = first.indexOf(name.replace('.yaml', ''))
  return index < 0 ? first.length : index
}

async function readFolder<Schema extends z.ZodType>(folder: URL, schema: Schema): Promise<z.infer<Schema>[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted()
  const inOrder = names.toSorted((a, b) => place(a) - place(b))
  return Promise.all(inOrder.map((name) => readSeedFile(new URL(name, folder), schema)))
}

async function readSeedFile<Schema extends z.ZodType>(file: URL, schema: Schema): Promise<z.infer<Schema>> {
  const name = file.pathname.split('/').slice(-2).join('/')
  let content: unknown
  try {
    content = parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new Error(`${name} cannot be read as YAML: put the file right or restore it`, { cause })
  }
  const result = schema.safeParse(content)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new Error(`${name}: ${problems.join('; ')}. Put these fields right`)
}
