import { Link, useLocation } from 'wouter'
import styles from './part-links.module.css'

// On a phone the part that one is in may be out of sight.
const intoSight = (link: HTMLElement | null): void =>
  link?.scrollIntoView({ block: 'nearest', inline: 'nearest' })

/** The parts of a page, each with an address of its own. */
export function PartLinks({
  label,
  links,
}: {
  readonly label: string
  readonly links: readonly (readonly [path: string, text: string])[]
}) {
  const [place] = useLocation()
  return (
    <nav className={styles.links} aria-label={label}>
      {links.map(([path, text]) => (
        <Link
          key={path}
          ref={place === path ? intoSight : null}
          href={path}
          aria-current={place === path ? 'page' : undefined}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
