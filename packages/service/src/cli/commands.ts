import type { Command } from './command.ts'
import { auditCommand } from './commands/audit.ts'
import { benchCommand } from './commands/bench.ts'
import { cleanupCommand } from './commands/cleanup.ts'
import { clearCommand } from './commands/clear.ts'
import { doctorCommand } from './commands/doctor.ts'
import { deleteCommand, explainCommand, getCommand } from './commands/entry.ts'
import { invalidateCommand } from './commands/invalidate.ts'
import { keysCommand } from './commands/keys.ts'
import { loginCommand, logoutCommand } from './commands/login.ts'
import { migrateCommand } from './commands/migrate.ts'
import { serveCommand } from './commands/serve.ts'
import { settingsCommand } from './commands/settings.ts'
import { spacesCommand } from './commands/spaces.ts'
import { statsCommand } from './commands/stats.ts'
import { tasksCommand } from './commands/tasks.ts'
import { tokensCommand } from './commands/tokens.ts'
import { usersCommand } from './commands/users.ts'
import { warmCommand } from './commands/warm.ts'
import { workerCommand } from './commands/worker.ts'

/** Every command, in the order that the help shows them. */
export const commands: readonly Command[] = [
  serveCommand,
  workerCommand,
  statsCommand,
  spacesCommand,
  keysCommand,
  getCommand,
  explainCommand,
  deleteCommand,
  invalidateCommand,
  cleanupCommand,
  clearCommand,
  warmCommand,
  tokensCommand,
  tasksCommand,
  settingsCommand,
  auditCommand,
  usersCommand,
  migrateCommand,
  doctorCommand,
  benchCommand,
  loginCommand,
  logoutCommand,
]
