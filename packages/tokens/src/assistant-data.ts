import type {
  Cache,
  Duration,
  InputOf,
  ParamsOf,
  SpaceBase,
  SpaceHandle,
  WarmOptions,
  WarmReport,
} from '@reprise/cache'
import { aiConfigSpace, conversationSpace, generalSpace } from './catalog.ts'

/** What JSON can say. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json | undefined }

/** Options of a write. */
export interface KeepOptions {
  /** Instead of the space's; 0 and less mean "do not keep". */
  readonly ttl?: Duration
}

/** One kind of data by its id. A miss is `undefined` or the default; `0`, `''`, `{}` and `null` are values (row C4). */
export interface Shelf<Value> {
  get(id: string): Promise<Value | undefined>
  get<Default>(id: string, otherwise: Default): Promise<Value | Default>
  /** The value, loaded once however many ask. */
  getOrLoad(id: string, load: (id: string) => Value | Promise<Value>): Promise<Value>
  /** @throws E_VALUE_*, E_TTL_INVALID, E_TIER_WRITE */
  set(id: string, value: Value, options?: KeepOptions): Promise<void>
  /** True when there was one. */
  delete(id: string): Promise<boolean>
}

/** The assistant's data beside its tokens. */
export interface AssistantData<Conversation extends Json, AiConfig extends Json> {
  /** Row C2: `conversation:{conversation_id}`, 1 hour. */
  readonly conversations: Shelf<Conversation>
  /** Row C3: `ai_config:{user_id}`, 5 minutes. */
  readonly aiConfigs: Shelf<AiConfig>
  /** Row C4: any key, 300 s unless told. */
  readonly general: Shelf<Json>
  /** Loads the AI configurations of these users ahead of use, a few at a time (row C7). */
  warm(
    users: readonly string[],
    load: (userId: string) => AiConfig | Promise<AiConfig>,
    options?: WarmOptions,
  ): Promise<WarmReport>
}

/** A shelf over a space. The caller vouches for the type of what is kept there. */
function shelf<S extends SpaceBase, Value>(
  space: SpaceHandle<S>,
  params: (id: string) => ParamsOf<S>,
): Shelf<Value> {
  return {
    async get(id: string, otherwise?: unknown) {
      const value: unknown = await space.get(params(id))
      return (value === undefined ? otherwise : value) as Value
    },
    async getOrLoad(id, load) {
      const value: unknown = await space.getOrLoad(params(id), async () => (await load(id)) as InputOf<S>)
      return value as Value
    },
    set: async (id, value, options = {}) => space.set(params(id), value as InputOf<S>, options),
    delete: async (id) => space.delete(params(id)),
  }
}

/**
 * The assistant's data over a cache with `assistantCatalog()`. The types are the caller's: what is stored is any JSON,
 * since other programs write it, too.
 * @throws E_SPACE_UNKNOWN
 */
export function createAssistantData<Conversation extends Json = Json, AiConfig extends Json = Json>(
  cache: Cache,
): AssistantData<Conversation, AiConfig> {
  const aiConfigs = shelf<typeof aiConfigSpace, AiConfig>(cache.open(aiConfigSpace), (id) => ({
    user_id: id,
  }))
  return {
    conversations: shelf(cache.open(conversationSpace), (id) => ({ conversation_id: id })),
    aiConfigs,
    general: shelf(cache.open(generalSpace), (id) => ({ key: id })),
    warm: async (users, load, options) =>
      cache.warm(
        users.map((user) => ({
          name: `ai_config:${user}`,
          run: async () => aiConfigs.getOrLoad(user, load),
        })),
        options,
      ),
  }
}
