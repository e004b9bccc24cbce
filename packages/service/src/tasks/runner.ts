import type { TaskGate } from './gate.ts'
import type { Claim } from './task.ts'

/** What a worker asks a runner to do with what comes. */
export interface DeliveryOptions {
  /** Tasks that the worker takes at a time. */
  readonly concurrency: number
  /** Carries a claim out; never rejects. */
  readonly run: (claim: Claim) => Promise<void>
  /** Hears of tasks that are to end, as soon as may be; a heartbeat tells as well. */
  readonly onCancel: (id: string) => void
  /** Hears of what went wrong on the way; it is tried again. */
  readonly onError: (error: unknown) => void
}

/** A worker's end of a runner. */
export interface Delivery {
  /** Repairs what is stuck and hands out what may run; repeat it now and then. */
  sweep(): Promise<void>
  /** Takes nothing more; resolves when everything that it has handed out has ended. */
  stop(): Promise<void>
}

/** Where tasks are kept, and how those that the gate lets through come to workers. */
export interface TaskRunner {
  readonly name: 'database' | 'redis'
  readonly gate: TaskGate
  /** How long a silent worker keeps a task, in milliseconds. */
  readonly lease: number
  /** Says that something may be let through now. Losing it costs time until the next sweep and nothing else. */
  wake(): Promise<void>
  /** Tells the worker that has a task that it is to end. */
  announceCancel(id: string): Promise<void>
  deliver(options: DeliveryOptions): Promise<Delivery>
  /** Closes what the runner opened itself. */
  close(): Promise<void>
}
