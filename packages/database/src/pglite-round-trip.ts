// PGlite's own `query` takes six calls into WebAssembly (parse, describe the parameters, bind, describe the rows, execute,
// sync). Here a statement takes one, and one that was seen before is not parsed and planned again: four times as fast.
// Parameters need no description, since they are encoded already.
// Source: "Extended Query" in the chapter "Message Flow" of the PostgreSQL documentation.
import type { PGlite } from '@electric-sql/pglite'
import { decoders } from './decode.ts'
import type { Rows } from './database.ts'

type Values = readonly (string | Uint8Array | null)[]

/** Runs statements, of which no two may be under way at once; throws what PGlite throws. */
export interface RoundTrips {
  /** Runs one statement, its parameters as text, bytes or null. */
  run<Row extends object>(text: string, values: Values): Promise<Rows<Row>>
  /** Forgets the plans, since what they were made for may have another shape now. */
  forgetPlans(): Promise<void>
}

/** Statements that are kept planned; their texts are known from the second use. */
const mostPlanned = 200

/** Commands that leave tables as they are. */
const reshapesNothing: ReadonlySet<string | undefined> = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE'])

// The driver's own conversions are replaced: values go by the same table as with PostgreSQL.
const decodersByType = Object.fromEntries(decoders)

/** Makes what runs statements on a PGlite that nobody else uses. */
export async function createRoundTrips(pglite: PGlite): Promise<RoundTrips> {
  const { parse, protocol } = await import('@electric-sql/pglite')
  const { serialize } = protocol
  const rest = Buffer.concat([serialize.describe({ type: 'P' }), serialize.execute(), serialize.sync()])
  /** Texts in the order of their last use, with the name of the plan from the second one on. */
  const known = new Map<string, string | undefined>()
  let named = 0

  // Files are written as they are with the file systems of Node; `syncToFs` is for browsers.
  const send = async (...messages: Uint8Array[]) =>
    pglite.execProtocolStream(Buffer.concat(messages), { syncToFs: false })

  async function drop(names: readonly (string | undefined)[]): Promise<void> {
    const plans = names.filter((name) => name !== undefined)
    if (plans.length === 0) return
    await send(...plans.map((name) => serialize.close({ type: 'S', name })), serialize.sync())
  }

  async function forget(text: string): Promise<void> {
    const name = known.get(text)
    known.delete(text)
    await drop([name])
  }

  async function forgetPlans(): Promise<void> {
    const names = [...known.values()]
    known.clear()
    await drop(names)
  }

  /** What has to be sent so that the statement can be bound, and by which name. */
  async function planned(text: string): Promise<{ readonly name: string; readonly first: Uint8Array[] }> {
    const isKnown = known.has(text)
    const plan = known.get(text)
    known.delete(text)
    const [oldest] = known.keys()
    if (oldest !== undefined && known.size >= mostPlanned) await forget(oldest)
    const name = plan ?? (isKnown ? `plan_${(named += 1)}` : '')
    known.set(text, name === '' ? undefined : name)
    return { name, first: plan === undefined ? [serialize.parse({ name, text })] : [] }
  }

  return {
    async run<Row extends object>(text: string, values: Values): Promise<Rows<Row>> {
      const { name, first } = await planned(text)
      try {
        const bound = serialize.bind({ statement: name, values: [...values] })
        const [result] = parse.parseResults(await send(...first, bound, rest), decodersByType)
        if (!reshapesNothing.has(result?.command)) await forgetPlans()
        return { rows: (result?.rows ?? []) as Row[], rowCount: result?.rowCount ?? 0 }
      } catch (error) {
        await forget(text)
        throw error
      }
    },
    forgetPlans,
  }
}
