import { routes } from '@reprise/api'
import type { FastifyInstance } from 'fastify'
import { type SignInParts, changePassword, signIn } from './auth/sign-in.ts'
import { registerRoute } from './register-route.ts'

/** Registers login and the caller's own account. */
export function registerAuthRoutes(app: FastifyInstance, parts: SignInParts): void {
  registerRoute(app, routes.login, async ({ body, address, audit }) => {
    audit.on(body.username)
    const { user, session } = await signIn(parts, { ...body, address })
    audit.by(user)
    return { data: session, message: '登录成功' }
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
  registerRoute(app, routes.me, ({ caller: { id, username, role, tenant, account } }) => ({
    data: {
      id,
      username,
      role,
      tenant: tenant ?? null,
      created_at: account?.created_at.toISOString() ?? null,
      last_login_at: account?.last_login_at?.toISOString() ?? null,
      must_change_password: account?.password_once ?? false,
    },
    message: '获取当前用户成功',
  }))
}
