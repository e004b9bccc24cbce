import { routes } from '@reprise/api'
import { registerRoute } from '@reprise/service'
import type { FastifyInstance } from 'fastify'
import type { Coach } from './coach/predict.ts'

/** Registers `POST /api/v1/coach/predict` (document 004): an analysis for each screenshot, and where it came from. */
export function registerCoach(app: FastifyInstance, coach: Coach): void {
  registerRoute(app, routes.coachPredict, async ({ body, signal }) => {
    const predictions = await coach.predict(body, signal)
    const results = predictions.map(({ resource, analysis, meta, cached }) => ({
      resource,
      strategy: meta.strategy ?? 'unknown',
      model: meta.model ?? 'unknown',
      cached,
      analysis,
    }))
    return { data: { results } }
  })
}
