import { setImmediate as endOfTurn } from 'node:timers/promises'

/**
 * A look that requests share: all that ask the same in one turn of the event loop get the answer of one look, which
 * begins when the turn is over. So what many ask at once costs what one asks, the looks of a turn begin together, and
 * nobody is answered with what was seen before he asked.
 */
export function sharedInTurn<Question extends string | void, Answer>(
  look: (question: Question) => Promise<Answer>,
): (question: Question) => Promise<Answer> {
  const answers = new Map<Question, Promise<Answer>>()
  let turn: Promise<void> | undefined

  async function end(): Promise<void> {
    await endOfTurn()
    turn = undefined
    answers.clear()
  }

  return (question) => {
    turn ??= end()
    let answer = answers.get(question)
    if (answer === undefined) answers.set(question, (answer = turn.then(async () => look(question))))
    return answer
  }
}
