import { AiError, quote } from '../errors.ts'
import type { TokenUsage } from './usage.ts'

/** What a token of each kind costs, in US dollars. */
export interface TokenPrices {
  readonly input: number
  /** Of what the provider had in its prompt cache. @default as `input` */
  readonly cacheRead: number
  /** Of what the provider put into its prompt cache. @default as `input` */
  readonly cacheWrite: number
  readonly output: number
  /** @default as `output` */
  readonly reasoning: number
}

/** The prices of a model, and those of its long requests, longest first: such a request is billed by them from its first token. */
export interface ModelPrices extends TokenPrices {
  readonly long: readonly (TokenPrices & { readonly above: number })[]
  /** Of requests in a batch, which are answered within a day; undefined where none are listed. */
  readonly batch: TokenPrices | undefined
}

/** Prices of models, all of one version. */
export interface PriceTable {
  /** Such as a date or a commit. */
  readonly version: string
  /** Where they are from. */
  readonly source: string
  /** The prices of a model as its provider names it; undefined for one that is not in the table, which is never guessed. */
  pricesOf(provider: string, model: string): ModelPrices | undefined
  /** What an image that a model makes costs, in US dollars; undefined for one that is not billed by the piece, or not in the table. */
  imagePriceOf(provider: string, model: string): number | undefined
}

/** What a price table takes besides its prices. */
export interface PriceOptions {
  readonly version: string
  readonly source: string
  /** Names of the table by names of your own: deployments, fine-tuned models. */
  readonly aliases?: Readonly<Record<string, string>>
}

/**
 * Prices in LiteLLM's public format (`model_prices_and_context_window.json`): per token, with `cache_read_input_token_cost`,
 * `cache_creation_input_token_cost`, prices of long requests (`…_above_200k_tokens`) and of batches (`…_batches`); and per image
 * that is made (`output_cost_per_image`; of models with the mode `image_generation` also `input_cost_per_image`, and prices per
 * pixel where the name tells a size). Other models are left out. A model is looked up as `provider/model` and then by
 * itself. @throws E_CALL_OPTION
 */
export function readPrices(json: unknown, { version, source, aliases = {} }: PriceOptions): PriceTable {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new AiError('E_CALL_OPTION', `prices are ${quote(json)}; give an object of models by their names`)
  }
  const models = new Map<string, ModelPrices>()
  const images = new Map<string, number>()
  for (const [name, entry] of Object.entries(json)) {
    if (name === 'sample_spec' || typeof entry !== 'object' || entry === null) continue
    const read = priceReader(name, entry)
    const prices = modelPrices(Object.keys(entry), read)
    if (prices !== undefined) models.set(name, prices)
    const image = imagePrice(name, 'mode' in entry && entry.mode === 'image_generation', read)
    if (image !== undefined) images.set(name, image)
  }
  function find<Found>(from: ReadonlyMap<string, Found>, provider: string, model: string): Found | undefined {
    const name = Object.hasOwn(aliases, model) ? (aliases[model] as string) : model
    return from.get(`${provider.split('.')[0]}/${name}`) ?? from.get(name)
  }
  return Object.freeze({
    version,
    source,
    pricesOf: (provider: string, model: string) => find(models, provider, model),
    imagePriceOf: (provider: string, model: string) => find(images, provider, model),
  })
}

/** What the tokens of a request cost, in US dollars. */
export function costOf(prices: ModelPrices, usage: TokenUsage): number {
  return tokenCost(longPrices(prices, usage) ?? prices, usage)
}

/** What they cost in a batch; undefined where no price is listed, as none ever is of a long request in one. */
export function batchCostOf(prices: ModelPrices, usage: TokenUsage): number | undefined {
  const { batch } = prices
  return batch === undefined || longPrices(prices, usage) !== undefined ? undefined : tokenCost(batch, usage)
}

function longPrices({ long }: ModelPrices, { input }: TokenUsage): TokenPrices | undefined {
  return long.find(({ above }) => input > above)
}

function tokenCost(
  prices: TokenPrices,
  { input, cacheRead, cacheWrite, output, reasoning }: TokenUsage,
): number {
  const plain = Math.max(0, input - cacheRead - cacheWrite)
  const said = Math.max(0, output - reasoning)
  return (
    plain * prices.input +
    cacheRead * prices.cacheRead +
    cacheWrite * prices.cacheWrite +
    said * prices.output +
    reasoning * prices.reasoning
  )
}

const names = {
  input: 'input_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  output: 'output_cost_per_token',
  reasoning: 'output_cost_per_reasoning_token',
} as const

/** Reads a price of a model in the table; undefined for one that is not there. */
type PriceReader = (name: string) => number | undefined

function priceReader(model: string, entry: object): PriceReader {
  const given = entry as Readonly<Record<string, unknown>>
  return (name) => {
    const value = given[name]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
    throw new AiError(
      'E_CALL_OPTION',
      `${name} of ${quote(model)} is ${quote(value)}; give dollars, as of a token or an image`,
    )
  }
}

function modelPrices(fields: readonly string[], read: PriceReader): ModelPrices | undefined {
  if (read(names.input) === undefined) return undefined
  const pricesAt = (suffix: string, otherwise?: TokenPrices): TokenPrices => {
    const input = read(names.input + suffix) ?? otherwise?.input ?? 0
    const output = read(names.output + suffix) ?? otherwise?.output ?? 0
    return {
      input,
      output,
      cacheRead: read(names.cacheRead + suffix) ?? otherwise?.cacheRead ?? input,
      cacheWrite: read(names.cacheWrite + suffix) ?? otherwise?.cacheWrite ?? input,
      reasoning:
        read(names.reasoning + suffix) ?? (suffix === '' ? output : (read(names.output + suffix) ?? output)),
    }
  }
  const usual = pricesAt('')
  const long = fields
    .flatMap((name) => /^input_cost_per_token_above_(\d+)k_tokens$/.exec(name)?.[1] ?? [])
    .map((thousands) => ({
      above: Number(thousands) * 1_000,
      ...pricesAt(`_above_${thousands}k_tokens`, usual),
    }))
    .toSorted((a, b) => b.above - a.above)
  const batched = [names.input, names.output].every(
    (name) => read(name) === undefined || read(`${name}_batches`) !== undefined,
  )
  return { ...usual, long, batch: batched ? pricesAt('_batches') : undefined }
}

/** The price of an image that is made. Models that do nothing else have it under the name of what goes in. */
function imagePrice(name: string, makesImages: boolean, read: PriceReader): number | undefined {
  const made = read('output_cost_per_image')
  if (made !== undefined || !makesImages) return made
  const [, width, height] = /(?:^|\/)(\d+)-x-(\d+)\//.exec(name) ?? []
  const pixel = read('input_cost_per_pixel')
  const bySize =
    pixel === undefined || width === undefined ? undefined : pixel * Number(width) * Number(height)
  return read('input_cost_per_image') ?? bySize
}
