/** Where a service really is: an address that begins with a key of `origins` goes to its value. */
export function moved(endpoint: string, origins: Readonly<Record<string, string>>): string {
  const origin = Object.keys(origins).find((one) => endpoint.startsWith(`${one}/`))
  return origin === undefined ? endpoint : `${origins[origin] ?? ''}${endpoint.slice(origin.length)}`
}
