import type { FunctionDefinition } from '../catalog/function.ts'
import type { SlotMap } from '../catalog/json.ts'

/** A complete and, where it changes anything, confirmed task to be carried out. */
export interface Call {
  readonly definition: FunctionDefinition
  /** Values by slot name; the definition's `param_mapping` says what the service calls them. */
  readonly slots: SlotMap
  readonly userId: string
  readonly sessionId: string
  /** The same for every attempt of the same yes, in whatever process: a service that knows it books once. */
  readonly idempotencyKey: string
  readonly businessContext?: Readonly<Record<string, unknown>> | undefined
  readonly traceId?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** How a call came out: the service's answer, or why there is none. */
export type CallOutcome =
  | { readonly ok: true; readonly result: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly code: string; readonly message: string }

/** Carries tasks out. Never throws for a service that fails or is away: that is an outcome. */
export interface Executor {
  execute(call: Call): Promise<CallOutcome>
}

/** The executor of an assistant that has no services: every call says so. */
export const noExecutor: Executor = Object.freeze({
  execute: async ({ definition }: Call): Promise<CallOutcome> => ({
    ok: false,
    code: 'NOT_CONNECTED',
    message: `${definition.function_name} is connected to no service`,
  }),
})
