const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

/** Bytes for a person: `1.5 MiB`. */
export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10))
  const amount = count / 1024 ** power
  return `${power === 0 ? amount : amount.toFixed(amount < 10 ? 1 : 0)} ${units[power]}`
}

/** A count with separators: `1,234,567`. */
export function whole(count: number): string {
  return count.toLocaleString('en-US')
}

/** A share from 0 to 1 as `58.4 %`. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** Milliseconds for a person: `850 ms`, `12.3 s`, `4 min`, `3 h`, `9 d`. */
export function span(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'for ever'
  const sign = milliseconds < 0 ? '-' : ''
  const length = Math.abs(milliseconds)
  if (length < 1_000) return `${sign}${Math.round(length)} ms`
  if (length < 60_000) return `${sign}${(length / 1_000).toFixed(1)} s`
  if (length < 5_400_000) return `${sign}${Math.round(length / 60_000)} min`
  return length < 172_800_000
    ? `${sign}${Math.round(length / 3_600_000)} h`
    : `${sign}${Math.round(length / 86_400_000)} d`
}
