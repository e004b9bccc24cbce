/** A value as an assistant would cache it: recognised intents with a text. */
export interface Payload {
  readonly id: string
  readonly items: {
    readonly id: string
    readonly intent: string
    readonly score: number
    readonly text: string
  }[]
}

/** A payload of about so many bytes of JSON. */
export function makePayload(id: string, bytes: number): Payload {
  const one = (index: number, text: string): Payload['items'][number] => ({
    id: `${id}-${index}`,
    intent: 'order_status',
    score: 0.9731,
    text,
  })
  const items = [one(0, 'Where is the parcel that I ordered on Monday?')]
  while (JSON.stringify({ id, items }).length < bytes - 200)
    items.push(
      one(
        items.length,
        `Where is the parcel number ${items.length}, which I ordered last Monday? It was to be here on Thursday, said the shop.`,
      ),
    )
  const missing = bytes - JSON.stringify({ id, items }).length
  const last = items.pop() as Payload['items'][number]
  return { id, items: [...items, { ...last, text: last.text + '.'.repeat(Math.max(0, missing)) }] }
}
