/**
 * What a load leaves running when its loader has returned: better values, offered later, that take the place of what
 * the load kept. It holds a ticket of its own from before the load ends, so that whatever changes the key meanwhile (a
 * set, a deletion, an invalidation, a forced load) is seen, and its signal fires then: nothing that could still come
 * can be kept.
 */
import type { BoundSpace } from '../key/catalog.ts'
import type { Position } from '../entry/entry.ts'
import type { Said } from './said.ts'
import type { AnyParams } from '../key/template.ts'
import type { Ticket } from '../write/ticket.ts'

/** What a load kept, or left there because it was better. */
export interface First {
  /** The line of values in the shared store; undefined where the load had no lease there. */
  readonly line: string | undefined
  readonly version: string
}

/** One key whose load may still be improved. */
export class Upgrading {
  readonly space: BoundSpace
  readonly key: string
  readonly params: AnyParams
  readonly marks: readonly string[]
  readonly ticket: Ticket
  /** When the load began, milliseconds since 1970. */
  readonly startedAt: number
  readonly said: Said
  /** What the load kept, once the tiers below have it, too; undefined where it kept nothing. */
  readonly first: Promise<First | undefined>
  /** The version that the load kept, then that of the last upgrade. */
  version: string | undefined
  readonly #controller = new AbortController()
  #settle!: (first: First | undefined) => void

  constructor(options: {
    readonly target: Pick<Upgrading, 'space' | 'key' | 'params'>
    readonly marks: readonly string[]
    readonly ticket: Ticket
    readonly startedAt: number
    readonly said: Said
  }) {
    const { target, marks, ticket, startedAt, said } = options
    this.space = target.space
    this.key = target.key
    this.params = target.params
    this.marks = marks
    this.ticket = ticket
    this.startedAt = startedAt
    this.said = said
    this.first = new Promise((resolve) => (this.#settle = resolve))
    ticket.onBreak = () => this.#abort('was changed meanwhile')
  }

  /** Where the log stood when the load began. */
  get asOf(): Position {
    return this.ticket.asOf as Position
  }

  /** Fires when nothing that is offered can be kept any more. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Says what the load kept, once that is stored; undefined ends it. */
  begin(first: First | undefined): void {
    if (first === undefined) this.close('has nothing that could be improved')
    this.version = first?.version
    this.#settle(first)
  }

  /** Ends it: nothing can be kept any more. */
  close(why: string): void {
    this.ticket.broken = true
    this.#abort(why)
  }

  #abort(why: string): void {
    this.#controller.abort(new DOMException(`"${this.key}" ${why}`, 'AbortError'))
  }
}
