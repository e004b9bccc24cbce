import { Link, useLocation } from 'wouter'
import styles from './part-links.module.css'

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
        <Link key={path} href={path} aria-current={place === path ? 'page' : undefined}>
          {text}
        </Link>
      ))}
    </nav>
  )
}
