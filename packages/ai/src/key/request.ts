/** What samples an answer; the names are those of the AI SDK. */
export interface Sampling {
  readonly temperature?: number | undefined
  readonly topP?: number | undefined
  readonly topK?: number | undefined
  readonly minP?: number | undefined
  readonly presencePenalty?: number | undefined
  readonly frequencyPenalty?: number | undefined
  readonly repetitionPenalty?: number | undefined
  readonly maxOutputTokens?: number | undefined
  readonly logitBias?: Readonly<Record<string, number>> | undefined
  readonly logprobs?: boolean | undefined
  readonly topLogprobs?: number | undefined
  /** How many answers one call asks for. */
  readonly candidates?: number | undefined
}

/** Everything that decides what a model answers, in one shape for every library. */
export interface ModelCallRequest {
  /** Whose call it is; entries are never shared between tenants. */
  readonly tenant: string
  /** Narrower than a tenant, such as a user or a session. @default shared by the tenant */
  readonly scope?: string | undefined
  /** What is asked for, such as `chat` or `embed`. */
  readonly operation: string
  /** Such as `openai.chat`. */
  readonly provider: string
  /** The model as resolved: not an alias that moves. */
  readonly model: string
  /**
   * System, user, assistant and tool messages in their order. Parts of type `file` or `image` hold bytes, base64 text or a URL
   * in `data`, `image` or `url`; bytes and base64 of them are one.
   */
  readonly messages?: readonly unknown[] | undefined
  /** What is not a conversation: the text to embed. */
  readonly input?: unknown
  readonly tools?: readonly unknown[] | undefined
  readonly toolChoice?: unknown
  readonly parallelToolCalls?: boolean | undefined
  readonly responseFormat?: unknown
  /** What the answer may be made of, such as `['text', 'audio']`. */
  readonly modalities?: readonly string[] | undefined
  readonly sampling?: Sampling | undefined
  readonly seed?: number | undefined
  readonly stop?: string | readonly string[] | undefined
  /** Effort or budget of reasoning. */
  readonly reasoning?: unknown
  /** Options by provider; see `ProviderOptionRules`. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>> | undefined
  /** The prompt that the messages were made from. */
  readonly prompt?: PromptName | undefined
  /** Of whatever else decides the answer: retrieval settings, guard rails. */
  readonly configurationVersion?: string | undefined
  /** Whether chunks of the provider are wanted beside its answer. */
  readonly rawChunks?: boolean | undefined
}

/** A prompt by its id and version. */
export interface PromptName {
  readonly id: string
  readonly version?: string | undefined
}

/** Which provider options belong to a key. */
export interface ProviderOptionRules {
  /** Only these, as `provider.option`. @default all that are not left out */
  readonly allow?: readonly string[]
  /** Left out besides those that only steer transport, billing and logging; as `option` or `provider.option`. */
  readonly leaveOut?: readonly string[]
}

/** How requests become keys. */
export interface KeyOptions {
  readonly providerOptions?: ProviderOptionRules
  /** What the provider takes for sampling parameters that are not given, so that both are one key. */
  readonly defaults?: Sampling
}
