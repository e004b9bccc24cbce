import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** Where `npm run dev` in this folder finds a running service. */
const service = process.env['REPRISE_URL'] ?? 'http://127.0.0.1:8321'

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  // The contract is bundled from its sources: building the console needs nothing built before it.
  resolve: { conditions: ['@reprise/source', ...defaultClientConditions] },
  css: { modules: { localsConvention: 'camelCaseOnly' } },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/health', '/metrics', '/openapi.json'].map((path) => [path, service]),
    ),
  },
})
