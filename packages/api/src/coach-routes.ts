import { z } from 'zod'
import type { Route } from './route.ts'
import { lineOf, proseOf } from './text-fields.ts'

/** Who wrote a bubble: the user of the coach, or the person they talk with. */
const sender = z.enum(['user', 'talker'])

/** One speech bubble as a parser found it, its box in pixels or already as shares of the picture. */
export const parsedBubble = z.strictObject({
  text: proseOf(2000),
  sender: sender.optional().describe('Told by its column where it is absent'),
  column: z.enum(['left', 'right']),
  bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]).describe('x1, y1, x2, y2'),
})

/** One screenshot of a conversation. */
export const screenshot = z.strictObject({
  resource: lineOf(500).describe('Names the screenshot, such as its address'),
  size: z.strictObject({
    width: z.number().positive().max(100_000),
    height: z.number().positive().max(100_000),
  }),
  bubbles: z.array(parsedBubble).min(1).max(200),
  image: z
    .string()
    .max(180_000)
    .regex(/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/)
    .optional()
    .describe('The picture itself as a data URL, for a vision model'),
})

/** The body of an analysis: every screenshot of the request is analysed together. */
export const predictRequest = z.strictObject({
  user_id: lineOf(100),
  session_id: lineOf(100),
  scene: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(1),
  participants: z.strictObject({ user: lineOf(100), target: lineOf(100) }).optional(),
  screenshots: z.array(screenshot).min(1).max(20),
  force_regenerate: z.boolean().default(false),
})

/** What an analysis says about one screenshot (document 004, merge_step); boxes are shares of the picture. */
export const mergeStep = z.strictObject({
  screenshot_parse: z.strictObject({
    participants: z.strictObject({ user: z.string(), target: z.string() }),
    layout: z.strictObject({ left: sender, right: sender }),
    bubbles: z.array(
      z.strictObject({
        text: z.string(),
        sender,
        column: z.enum(['left', 'right']),
        bbox: z.array(z.number().min(0).max(1)).length(4),
      }),
    ),
  }),
  conversation_analysis: z.strictObject({
    conversation_summary: z.string(),
    emotion_state: z.enum(['positive', 'neutral', 'negative']),
    current_intimacy_level: z.int().min(0).max(100),
  }),
  scenario_decision: z.strictObject({
    relationship_state: z.enum(['ice_breaking', 'warming', 'steady', 'cooling']),
    recommended_scenario: z.enum(['SAFE', 'BALANCED', 'RISKY', 'RECOVERY']),
    strategies: z.array(z.string()).length(3),
  }),
})

/** What the coach answers: an analysis for each screenshot in their order, and where it came from. */
export const predictReply = z.strictObject({
  results: z.array(
    z.strictObject({
      resource: z.string(),
      strategy: z.string(),
      model: z.string(),
      cached: z.boolean(),
      analysis: mergeStep,
    }),
  ),
})

/** The coach (document 004); the application mounts the handlers. */
export const coachRoutes = {
  coachPredict: {
    id: 'coachPredict',
    method: 'POST',
    path: '/api/v1/coach/predict',
    summary: 'Analyse screenshots of a conversation: fast at first, better when asked again',
    role: 'viewer',
    audit: false,
    tag: 'coach',
    body: predictRequest,
    data: predictReply,
  },
} as const satisfies Record<string, Route>
