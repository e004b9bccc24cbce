export { type KeyvAdapter, type KeyvSpace, keyvAdapter, keyvSpace } from './keyv-adapter.ts'
