/** One line of what worker processes told, or the parent: a process that was killed has ended all that it ran. */
export interface Line {
  readonly say: 'start' | 'end' | 'killed'
  readonly task?: string
  readonly user?: string
  readonly pid: number
}

/** The most that ran at a time, over all users and of one, and how many starts there were. */
export function readStory(lines: readonly Line[]): {
  readonly most: number
  readonly mostOfUser: number
  readonly starts: number
} {
  const running = new Map<string, Line>()
  let most = 0
  let mostOfUser = 0
  let starts = 0
  for (const line of lines) {
    const name = `${line.pid} ${line.task}`
    if (line.say === 'end') running.delete(name)
    else if (line.say === 'killed') {
      for (const [key, { pid }] of running) if (pid === line.pid) running.delete(key)
    } else {
      starts += 1
      running.set(name, line)
      most = Math.max(most, running.size)
      mostOfUser = Math.max(mostOfUser, [...running.values()].filter(({ user }) => user === line.user).length)
    }
  }
  return { most, mostOfUser, starts }
}
