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
}

/** Prices of models, all of one version. */
export interface PriceTable {
  /** Such as a date or a commit. */
  readonly version: string
  /** Where they are from. */
  readonly source: string
  /** The prices of a model as its provider names it; undefined for one that is not in the table, which is never guessed. */
  pricesOf(provider: string, model: string): ModelPrices | undefined
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
 * `cache_creation_input_token_cost` and prices of long requests (`…_above_200k_tokens`). Models that are not billed by the token are
 * left out. A model is looked up as `provider/model` and then by itself. @throws E_CALL_OPTION
 */
export function readPrices(json: unknown, { version, source, aliases = {} }: PriceOptions): PriceTable {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new AiError('E_CALL_OPTION', `prices are ${quote(json)}; give an object of models by their names`)
  }
  const models = new Map<string, ModelPrices>()
  for (const [name, entry] of Object.entries(json)) {
    const prices = name === 'sample_spec' ? undefined : modelPrices(name, entry)
    if (prices !== undefined) models.set(name, prices)
  }
  return Object.freeze({
    version,
    source,
    pricesOf(provider: string, model: string) {
      const name = Object.hasOwn(aliases, model) ? (aliases[model] as string) : model
      return models.get(`${provider.split('.')[0]}/${name}`) ?? models.get(name)
    },
  })
}

/** What tokens cost, in US dollars. */
export function costOf(prices: ModelPrices, usage: TokenUsage): number {
  const { cacheRead, cacheWrite, reasoning } = usage
  const { input, output, ...rest } = prices.long.find(({ above }) => usage.input > above) ?? prices
  const plain = Math.max(0, usage.input - cacheRead - cacheWrite)
  const said = Math.max(0, usage.output - reasoning)
  return (
    plain * input +
    cacheRead * rest.cacheRead +
    cacheWrite * rest.cacheWrite +
    said * output +
    reasoning * rest.reasoning
  )
}

const names = {
  input: 'input_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  output: 'output_cost_per_token',
  reasoning: 'output_cost_per_reasoning_token',
} as const

function modelPrices(model: string, entry: unknown): ModelPrices | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const given = entry as Readonly<Record<string, unknown>>
  if (given[names.input] === undefined) return undefined
  const read = (name: string): number | undefined => {
    const value = given[name]
    if (value === undefined || value === null) return undefined
    if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value
    throw new AiError(
      'E_CALL_OPTION',
      `${name} of ${quote(model)} is ${quote(value)}; give dollars per token`,
    )
  }
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
  const long = Object.keys(given)
    .flatMap((name) => /^input_cost_per_token_above_(\d+)k_tokens$/.exec(name)?.[1] ?? [])
    .map((thousands) => ({
      above: Number(thousands) * 1_000,
      ...pricesAt(`_above_${thousands}k_tokens`, usual),
    }))
    .toSorted((a, b) => b.above - a.above)
  return { ...usual, long }
}
