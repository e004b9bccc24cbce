import { open } from 'node:fs/promises'
import type { DocumentSource } from './managed-document.ts'

/** The largest document that is taken, in bytes. */
const largest = 16 * 1_048_576
/** The longest that a source may take, in milliseconds. */
const patience = 30_000

/** Reads a document from where it comes from. @throws Error saying what is wrong with the answer; the signal's reason */
export async function readSource(source: DocumentSource, signal: AbortSignal): Promise<unknown> {
  const text = 'url' in source ? await readUrl(source, signal) : await readFile(source.file)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Error(`${placeOf(source)} did not give JSON`, { cause })
  }
}

/** A source as messages name it: without what may be secret in an address. */
export function placeOf(source: DocumentSource): string {
  if (!('url' in source)) return source.file
  const { origin, pathname } = new URL(source.url)
  return `${origin}${pathname}`
}

async function readUrl(
  source: Extract<DocumentSource, { readonly url: string }>,
  signal: AbortSignal,
): Promise<string> {
  const response = await fetch(source.url, {
    headers: { accept: 'application/json', ...source.headers },
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  })
  if (!response.ok || response.body === null)
    throw new Error(`${placeOf(source)} answered with status ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    size += part.length
    if (size > largest) throw tooLarge(source)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

async function readFile(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    if ((await file.stat()).size > largest) throw tooLarge({ file: path })
    return await file.readFile('utf8')
  } finally {
    await file.close()
  }
}

const tooLarge = (source: DocumentSource): Error =>
  new Error(`${placeOf(source)} is larger than ${largest} bytes`)
