import { routes } from '@reprise/api'
import { HttpError, type HttpStatus, registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import { ChatError } from './dialogue/chat-error.ts'
import { checkId } from './dialogue/check-request.ts'
import type { Dialogue, TurnReply } from './dialogue/turn.ts'
import type { RequestLimit } from './limits/request-limit.ts'
import type { TraceStep, Tracer } from './trace.ts'

type Reply = ReturnType<typeof toData>

function toData({ sessionId, confidence, response, decision }: TurnReply, steps: readonly TraceStep[]) {
  return {
    response,
    session_id: sessionId,
    intent: decision.intent,
    confidence,
    slots: { ...decision.slots },
    status: decision.status,
    response_type: decision.responseType,
    next_action: decision.nextAction,
    missing_slots: [...decision.missing],
    ...(Object.keys(decision.problems).length === 0 ? {} : { validation_errors: { ...decision.problems } }),
    ...(decision.candidates.length === 0 ? {} : { ambiguous_intents: [...decision.candidates] }),
    ...(decision.apiResult === undefined ? {} : { api_result: { ...decision.apiResult } }),
    trace: [...steps],
  }
}

/** Registers `POST /api/v1/chat/interact` (row A24): one turn of a conversation, with the trace of its reads. */
export function registerChat(
  app: FastifyInstance,
  parts: { dialogue: Dialogue; tracer: Tracer; limit: RequestLimit },
): void {
  const { dialogue, tracer, limit } = parts
  registerRoute(app, routes.chatInteract, async ({ body, requestId, signal }): Promise<{ data: Reply }> => {
    try {
      checkId('user_id', body.user_id)
      const most = await limit.exceeded(body.user_id)
      if (most !== undefined) {
        throw new HttpError(
          429,
          `User ${body.user_id} has sent ${most} messages in this minute: wait for the next one`,
        )
      }
      const { result, steps } = await tracer.follow(() =>
        dialogue.turn({
          userId: body.user_id,
          input: body.input ?? body.message ?? '',
          sessionId: body.session_id,
          context: { ...body.context, request_trace_id: body.context?.request_trace_id ?? requestId },
          signal,
        }),
      )
      return { data: toData(result, steps) }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error
      throw new HttpError(error.status as HttpStatus, error.message, { code: error.code, cause: error })
    }
  })
}
