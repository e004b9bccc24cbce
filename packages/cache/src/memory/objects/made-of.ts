/** Whether a name is these parameters with their literals between them, told without joining them. */
export function isMadeOf(
  name: string,
  params: readonly (string | number)[],
  between: readonly string[],
): boolean {
  let at = 0
  for (let index = 0; index < params.length; index += 1) {
    if (index > 0) {
      const literal = between[index - 1] as string
      if (!name.startsWith(literal, at)) return false
      at += literal.length
    }
    const text = String(params[index])
    if (!name.startsWith(text, at)) return false
    at += text.length
  }
  return at === name.length
}
