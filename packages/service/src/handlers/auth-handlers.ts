import { routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { type SignInParts, changePassword, refreshSession, signIn } from '../auth/sign-in.ts'
import { HttpError } from '../http/http-error.ts'
import { registerRoute } from '../http/register-route.ts'

/** Registers login and the caller's own account. */
export function registerAuthRoutes(app: FastifyInstance, parts: SignInParts): void {
  const { users, sessions } = parts
  registerRoute(app, routes.login, async ({ body, address, audit }) => {
    audit.on(body.username)
    const { user, session } = await signIn(parts, { ...body, address })
    audit.by(user)
    return { data: session, message: '登录成功' }
  })
  registerRoute(app, routes.refresh, async ({ body, audit }) => {
    const { user, session } = await refreshSession(parts, body.refresh_token)
    audit.by(user)
    return { data: session, message: '登录已续期' }
  })
  registerRoute(app, routes.logout, async ({ body, caller }) => {
    if (caller.by !== 'login') throw new HttpError(403, 'This caller has no session here')
    if (body.everywhere) await users.endTokens(caller.id)
    else if (caller.session !== undefined) await sessions.end(caller.session, caller.id)
    return { data: {}, message: '已退出登录' }
  })
  registerRoute(app, routes.changePassword, async ({ body, caller, address }) => ({
    data: await changePassword(parts, {
      caller,
      current: body.current_password,
      next: body.new_password,
      address,
    }),
    message: '密码已修改',
  }))
  registerRoute(app, routes.me, async ({ caller: { id, username, role, tenant = null, by } }) => {
    const account = by === 'login' ? await users.findById(id) : undefined
    return {
      data: {
        id,
        username,
        role,
        tenant,
        created_at: account?.created_at.toISOString() ?? null,
        last_login_at: account?.last_login_at?.toISOString() ?? null,
        must_change_password: account?.password_once ?? false,
      },
      message: '获取当前用户成功',
    }
  })
}
