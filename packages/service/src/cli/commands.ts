import type { Command } from './command.ts'
import { clearCommand } from './commands/clear.ts'
import { doctorCommand } from './commands/doctor.ts'
import { loginCommand, logoutCommand } from './commands/login.ts'
import { serveCommand } from './commands/serve.ts'
import { statsCommand } from './commands/stats.ts'

/** Every command, in the order that the help shows them. */
export const commands: readonly Command[] = [
  serveCommand,
  statsCommand,
  clearCommand,
  doctorCommand,
  loginCommand,
  logoutCommand,
]
