import styles from './keys.module.css'

/** Keys as they are pressed, such as Ctrl K; on a phone they are not shown. */
export function Keys({ keys }: { readonly keys: readonly string[] }) {
  return (
    <span className={styles.keys} aria-hidden>
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
    </span>
  )
}
