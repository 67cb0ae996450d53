// `npm run migrate`: brings the database up to date as its owner, and lets the role that serves do what it needs. Nodes may serve meanwhile.
import './start/production.ts'
import { migrate } from './start/migrating.ts'
import { sentence } from './start/running.ts'
import { readDatabaseSettings } from './start/settings.ts'

try {
  await migrate(readDatabaseSettings(['DATABASE_URL']), console.log)
  console.log('The database is up to date.')
} catch (error) {
  console.error(sentence(error))
  process.exitCode = 1
}
