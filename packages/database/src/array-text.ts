/** An array of PostgreSQL: its elements, nulls, or arrays of them. */
export type ArrayOf<Element> = (Element | null | ArrayOf<Element>)[]

/** Reads the text of a PostgreSQL array, like `{1,NULL,"a b"}` or `[0:1]={{1},{2}}`, parsing each element. */
export function parseArray<Element>(text: string, parse: (element: string) => Element): ArrayOf<Element> {
  let at = text.indexOf('{') + 1

  function readQuoted(): string {
    let element = ''
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1
      element += text[at]
    }
    at += 1
    return element
  }

  function readBare(): string {
    const start = at
    while (at < text.length && text[at] !== ',' && text[at] !== '}') at += 1
    return text.slice(start, at)
  }

  function readElement(): Element | null | ArrayOf<Element> {
    if (text[at] === '{') {
      at += 1
      return readElements()
    }
    if (text[at] === '"') return parse(readQuoted())
    const bare = readBare()
    return bare === 'NULL' ? null : parse(bare)
  }

  function readElements(): ArrayOf<Element> {
    const elements: ArrayOf<Element> = []
    while (at < text.length && text[at] !== '}') {
      elements.push(readElement())
      if (text[at] === ',') at += 1
    }
    at += 1
    return elements
  }

  return readElements()
}
