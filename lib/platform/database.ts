// The process's pool, made at first use.
import { type Database, openDatabase } from '../../db/client.ts'
import { env } from './env.ts'

// On globalThis: the framework loads this module once per bundle, and a process needs one pool.
const holder = globalThis as typeof globalThis & { dritaDatabase?: Database }

export function database(): Database {
  const url = env().DATABASE_URL
  if (!url) throw new Error('The setting DATABASE_URL is missing.')
  holder.dritaDatabase ??= openDatabase(url, env().DATABASE_POOL)
  return holder.dritaDatabase
}
