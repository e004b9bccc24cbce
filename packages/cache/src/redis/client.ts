/** What goes into a command. */
export type RedisArgument = string | number | Buffer

/** What hears of an event. */
export type RedisListener = (first: unknown, second: unknown) => void

/**
 * What is needed of a client of Redis or Valkey: the shape of an ioredis `Redis` or `Cluster`, so that one can be
 * given as it is, and small enough for an adapter to another client. Replies are buffers, numbers, null and arrays
 * of these; an error reply rejects with an error whose message begins with the server's code, such as `NOSCRIPT`.
 */
export interface RedisClient {
  /** `ready` when commands can be sent; `wait` before `connect()`; `end` when it will not connect again. */
  readonly status: string
  /** Whether commands are routed to the nodes of a cluster by the slot of their first key. */
  readonly isCluster?: boolean
  /** The socket, where commands of one tick can be held back to go out in one write. */
  readonly stream?: { cork?(): void; uncork?(): void } | undefined
  /** Sends one command. */
  callBuffer(command: string, ...args: RedisArgument[]): Promise<unknown>
  connect(): Promise<unknown>
  /** Drops the connection at once; with `true` it connects again. */
  disconnect(reconnect?: boolean): void
  /** A client of its own to the same servers. */
  duplicate(): RedisClient
  subscribe(channel: string): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
  /** Events: `ready`, `close`, `end`, `error` with an error, `messageBuffer` with channel and payload. */
  on(event: string, listener: RedisListener): unknown
  off(event: string, listener: RedisListener): unknown
  /** The nodes of a cluster. */
  nodes?(role: 'master'): readonly RedisClient[]
  /** Of a node of a cluster: `host` and `port`. */
  readonly options?: object
  /** Of a node of a cluster: says that the next command is for a slot that is on its way here. */
  asking?: () => Promise<unknown>
}
