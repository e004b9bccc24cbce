/** Tokens of a call. `cacheRead` and `cacheWrite` are part of `input`, `reasoning` is part of `output`. */
export interface TokenUsage {
  readonly input: number
  /** What the provider had in its own prompt cache. */
  readonly cacheRead: number
  /** What the provider put into its own prompt cache. */
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
}

/** No tokens. */
export const noTokens: TokenUsage = Object.freeze({
  input: 0,
  cacheRead: 0,
  cacheWrite: 0,
  output: 0,
  reasoning: 0,
})
