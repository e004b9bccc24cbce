/** A password that was made for somebody, to be shown once. */
export interface OneTime {
  readonly username: string
  readonly password: string
}

/** The role of a user with its name among the texts. */
export const userRoles = ['viewer', 'operator', 'admin'] as const
