import type { FastifyBaseLogger } from 'fastify'
import type { MergeStep } from './merge-step.ts'

/** Writes what a strategy read off a screenshot (row E7, document 004): participants, layout, bubbles from top to bottom. */
export function sayExtraction(
  logger: FastifyBaseLogger,
  {
    session,
    strategy,
    model,
    one,
  }: { readonly session: string; readonly strategy: string; readonly model: string; readonly one: MergeStep },
): void {
  const { participants, layout, bubbles } = one.screenshot_parse
  const tag = `[${strategy}|${model}]`
  const say = (line: string): void => logger.info({ session, strategy, model }, `[${session}] ${line}`)
  say(`merge_step ${tag} Participants: User='${participants.user}', Target='${participants.target}'`)
  say(`FINAL ${tag} Layout: left=${layout.left}, right=${layout.right}`)
  say(`FINAL ${tag} Extracted ${bubbles.length} bubbles (sorted top->bottom):`)
  for (const [index, { sender, column, bbox, text }] of bubbles.entries()) {
    const fits = layout[column] === sender ? 'OK' : 'MISMATCH'
    say(`  [${index + 1}] ${sender}(${column}) ${fits} bbox=[${bbox.join(',')}]: ${text.slice(0, 100)}`)
  }
}
