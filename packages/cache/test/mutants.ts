/** A place in the sources, `file` relative to `src`, and what a mutant has there instead. */
export interface Edit {
  readonly file: string
  readonly from: string
  readonly to: string
}

/** The engine, or the model of the store, without one of its safeguards. */
export interface Mutant {
  readonly name: string
  readonly edits: readonly Edit[]
  /** Schedules that found it before; when none does any more, a hunt from 1 on follows. */
  readonly seeds: readonly number[]
}

/** One mutant for each safeguard of the protocol. */
export const mutants: readonly Mutant[] = [
  {
    name: 'token: the store takes a value under any token',
    edits: [
      {
        file: 'testing/simulation/server.ts',
        from: 'if (held?.token !== token) return living(key)?.version === stored.version',
        to: 'void held',
      },
    ],
    seeds: [41],
  },
  {
    name: 'asOf: a copy-up is judged and kept as of now',
    edits: [
      {
        file: 'read/revive.ts',
        from: "if (typeof decoded === 'string') return unreadable(decoded)",
        to: "if (typeof decoded === 'string') return unreadable(decoded)\n  Object.assign(decoded, { asOf: engine.order.latest() })",
      },
    ],
    seeds: [3],
  },
  {
    name: 'asOf: a value is loaded as of the end of its load',
    edits: [
      {
        file: 'load/keep-loaded.ts',
        from: 'const asOf = flight.asOf ?? engine.order.latest()',
        to: 'const asOf = engine.order.latest()',
      },
    ],
    seeds: [1410],
  },
  {
    name: 'head read: what was read is judged without the records up to its head',
    edits: [
      {
        file: 'log/follower.ts',
        from: 'reach(head) {\n',
        to: 'reach(head) {\n      if (head.n >= 0) return undefined\n',
      },
    ],
    seeds: [17],
  },
  {
    name: 'detach: an invalidated load stays on its key',
    edits: [
      {
        file: 'load/load.ts',
        from: 'flight.ticket.onBreak = () => detach(engine, flight, space.name)',
        to: '',
      },
    ],
    seeds: [29],
  },
  {
    name: 'floor: a value from before the pruned marks lives',
    edits: [
      {
        file: 'log/order.ts',
        from: "if (asOf.n < floor) return { mark: 'floor', n: floor }",
        to: '',
      },
    ],
    seeds: [245],
  },
  {
    name: 'era: a value from another era lives',
    edits: [
      {
        file: 'log/order.ts',
        from: "if (asOf.era !== current.era) return { mark: 'era', n: current.n }",
        to: '',
      },
    ],
    seeds: [16],
  },
  {
    name: 'contiguous numbers: gaps in the log are passed over',
    edits: [
      { file: 'log/follower.ts', from: 'if (record.n !== cursor.n + 1) return false', to: '' },
      { file: 'log/follower.ts', from: 'if (gap || !take(', to: 'if (!take(' },
    ],
    seeds: [197],
  },
  {
    name: 'delete before record: the record is written first',
    edits: [
      {
        file: 'write/invalidate.ts',
        from: `      const removed = await shared.remove(formats)
      const position = await shared.append({ marks: [], keys: keys.map((key) => ({ key })) })
`,
        to: `      const position = await shared.append({ marks: [], keys: keys.map((key) => ({ key })) })
      const removed = await shared.remove(formats)
`,
      },
    ],
    seeds: [723],
  },
  {
    name: 'token of set: a set does not take the lease',
    edits: [
      {
        file: 'write/write-shared.ts',
        from: 'shared.steal(sharedKey(store.target), store.lease, lease)',
        to: 'undefined',
      },
    ],
    seeds: [1],
  },
  {
    name: 'ticket: a copy-up is kept although its key was invalidated meanwhile',
    edits: [{ file: 'read/read-shared.ts', from: '!ticket.broken &&', to: '' }],
    seeds: [145],
  },
  {
    name: 'gen: an upgrade takes the place of whatever is there',
    edits: [{ file: 'write/upgrade-shared.ts', from: ' && lineOf(record) === line', to: '' }],
    seeds: [1050],
  },
]
