import styles from './tree.module.css'

/** How many parts of a list or object are shown at first. */
const most = 200

/** A value of JSON as a tree whose branches open and close; the outer ones are open. */
export function Tree({ value, label }: { readonly value: unknown; readonly label: string }) {
  return (
    <div className={styles.tree} role="region" aria-label={label} tabIndex={0}>
      <Branch name={undefined} value={value} depth={0} />
    </div>
  )
}

function Branch({
  name,
  value,
  depth,
}: {
  readonly name: string | undefined
  readonly value: unknown
  readonly depth: number
}) {
  const head = name === undefined ? null : <span className={styles.name}>{name}: </span>
  if (typeof value !== 'object' || value === null) {
    return (
      <div>
        {head}
        <Leaf value={value} />
      </div>
    )
  }
  const parts = Object.entries(value)
  const size = Array.isArray(value) ? `[${parts.length}]` : `{${parts.length}}`
  if (parts.length === 0) {
    return (
      <div>
        {head}
        <span className={styles.size}>{size}</span>
      </div>
    )
  }
  return (
    <details open={depth < 2}>
      <summary>
        {head}
        <span className={styles.size}>{size}</span>
      </summary>
      <ul>
        {parts.slice(0, most).map(([key, part]) => (
          <li key={key}>
            <Branch name={key} value={part} depth={depth + 1} />
          </li>
        ))}
        {parts.length > most && <li className={styles.size}>… {parts.length - most}</li>}
      </ul>
    </details>
  )
}

function Leaf({ value }: { readonly value: unknown }) {
  if (typeof value === 'string') return <span className={styles.text}>{JSON.stringify(value)}</span>
  const kind = typeof value === 'number' ? styles.number : styles.other
  return <span className={kind}>{value === undefined ? 'undefined' : JSON.stringify(value)}</span>
}
