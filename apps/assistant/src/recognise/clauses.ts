const between =
  /[。；;！!？?]+|[，,]?\s*(?:然后|接着|之后再?|完了再?|顺便|另外|还有|还要|还想|并且|同时|以及|再(?=[订查买预帮看])|和(?=[订查买预看])|\band then\b|\bthen\b|\bafter that\b|\band also\b|\balso\b|\bas well as\b|\bplus\b|\band(?= (?:book|check|buy|find|get|show|tell|reserve|a |an |also )))|[，,](?=\s*(?:帮我?|给我|我要|我想|再|订|预订|查|买|book|check|show|find|reserve|i want|i need|get me))/gi
const verb = /^(?:[^，,]*?)(预订|预定|订|定|买|查|看|book|reserve|find|buy|check)/i

/**
 * The clauses of a sentence that may ask for several things, in its order: cut at 然后, 再, 顺便, "and then", and at
 * punctuation before a verb. One clause is what a sentence without such words is. A clause that has no verb of its own
 * takes the first one's: 订机票，还有酒店 also means 订酒店.
 */
export function splitClauses(sentence: string): readonly string[] {
  const clauses = sentence
    .split(between)
    .map((clause) => clause.replace(/^[\s，,、]+|[\s，,、]+$/g, ''))
    .filter((clause) => clause !== '')
  const first = verb.exec(clauses[0] ?? '')?.[1]
  return clauses.map((clause, index) => {
    const short = clause.length <= 6 || clause.split(' ').length <= 3
    if (index === 0 || first === undefined || verb.test(clause) || !short) return clause
    return /^[a-z]/i.test(first) ? `${first} ${clause}` : `${first}${clause}`
  })
}
