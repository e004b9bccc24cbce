export { type PgvectorStoreOptions, pgvectorStore } from './pgvector-store.ts'
