/** Which end of a journey a place is. */
export type Role = 'departure' | 'arrival'

interface Span {
  readonly start: number
  readonly end: number
}

const verbs = '(?:是|为|改成|改为|换成|is|:|=|to be)?'
const before: readonly (readonly [Role, RegExp])[] = [
  ['departure', new RegExp(`(?:出发地|出发城市|始发地?|起点|origin|departure(?: city)?) ?${verbs} ?$`)],
  [
    'arrival',
    new RegExp(`(?:目的地|到达城市|到达地|抵达城市|终点|destination|arrival(?: city)?) ?${verbs} ?$`),
  ],
  ['departure', /(?:从|由|自|离开|\bfrom|\bleaving(?: from)?|\bdeparting(?: from)?|\bout of) ?$/],
  ['arrival', /(?:去|到|至|往|飞|回|抵|抵达|\bto|\binto|\bvisit|\bvisiting|\barriving (?:in|at)) ?$/],
]
const after: readonly (readonly [Role, RegExp])[] = [
  ['departure', /^ ?(?:市)?(?:出发|起飞|始发|启程|动身|as (?:the )?(?:origin|departure))/],
  ['arrival', /^ ?(?:as (?:the )?(?:destination|arrival)|的?(?:机票|航班|飞机票)| (?:flights?|tickets?)\b)/],
]
const between = /^(?: ?(?:市|明天|出发|坐飞机|飞往|飞到|飞|前往|到|去|至|往|to|->|→|-|—|~) ?)+$/

/**
 * The roles of places in a lower-case sentence, in their order, by the words around them: 从X, X出发, from X, 去X, 飞X,
 * to X, X到Y. `others` are spans such as dates, looked through as if they were not there: 北京明天飞上海.
 */
export function findRoles(
  sentence: string,
  places: readonly Span[],
  others: readonly Span[],
): readonly (Role | undefined)[] {
  const outside = (from: number, to: number): string => {
    let text = ''
    for (let index = from; index < to; index += 1) {
      if (!others.some(({ start, end }) => index >= start && index < end)) text += sentence.charAt(index)
    }
    return text
  }
  const roles = places.map(({ start, end }, index): Role | undefined => {
    const head = outside(places[index - 1]?.end ?? 0, start)
    const tail = outside(end, places[index + 1]?.start ?? sentence.length)
    const match = ([role, pattern]: readonly [Role, RegExp], text: string): Role | undefined =>
      pattern.test(text) ? role : undefined
    const leaves = after[0] === undefined ? undefined : match(after[0], tail)
    const byHead = before.map((rule) => match(rule, head)).find((role) => role !== undefined)
    return leaves ?? byHead
  })
  return roles.map((role, index) => {
    const next = places[index + 1]
    const end = places[index]?.end ?? 0
    if (role === undefined && next !== undefined && between.test(outside(end, next.start))) return 'departure'
    if (role !== undefined) return role
    const previous = places[index - 1]
    if (previous !== undefined && between.test(outside(previous.end, places[index]?.start ?? 0)))
      return 'arrival'
    const rule = after[1]
    return rule !== undefined && rule[1].test(outside(end, sentence.length)) ? rule[0] : undefined
  })
}
