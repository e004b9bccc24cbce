import { userRole } from '@reprise/api'
import { useTranslations } from 'use-intl'
import { SelectField } from '../controls/field.tsx'

const roles = userRole.options

/** A role that a user or a token can have. */
export type Role = (typeof roles)[number]

/** Chooses a role. */
export function RoleField({
  value,
  onChoose,
}: {
  readonly value: Role
  readonly onChoose: (role: Role) => void
}) {
  const t = useTranslations('users')
  return (
    <SelectField
      label={t('role')}
      value={value}
      options={roles.map((role) => [role, t(role)])}
      onChoose={onChoose}
    />
  )
}
