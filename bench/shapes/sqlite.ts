import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { hash } from '../hash.ts'
import {
  categorySizes,
  flags,
  membersOf,
  numbersOf,
  type ShapesCrowd,
  saltOfCategory,
  skewed,
  tagShares,
} from './crowd.ts'
import { type Peer, profiles, type Way } from './questions.ts'
import { conditions, profileQuery } from './sql.ts'

/** What is used of better-sqlite3. */
interface Database {
  exec(sql: string): void
  prepare(sql: string): { run(...values: readonly number[]): void; pluck(): { get(): number } }
}

/** SQLite in memory, through better-sqlite3: a row a person, a column a flag. @throws Error where it isn't in the folder of `CROWDBIT_PEERS` */
export function sqlitePeer(crowd: ShapesCrowd): Peer {
  const require = createRequire(join(resolve(process.env.CROWDBIT_PEERS ?? '.'), 'package.json'))
  const Database = require('better-sqlite3') as new (path: string) => Database
  const database = new Database(':memory:')
  const names = Object.keys(tagShares)
  const has = names.map((name) => {
    const of = new Uint8Array(crowd.people)
    for (const person of membersOf(crowd, flags().find((flag) => flag.name === name)!)) of[person] = 1
    return of
  })
  const numbers = [numbersOf(crowd, 16), numbersOf(crowd, 24)]
  const columns = [...names, 'n16', 'n24', ...Object.keys(categorySizes)]
  database.exec(`CREATE TABLE p (person INTEGER PRIMARY KEY, ${columns.map((name) => `${name} INTEGER`).join(', ')})`)
  const insert = database.prepare(`INSERT INTO p VALUES (?, ${columns.map(() => '?').join(', ')})`)
  database.exec('BEGIN')
  for (let person = 0; person < crowd.people; person++) {
    insert.run(
      person,
      ...has.map((of) => of[person]!),
      ...numbers.map((of) => of[person]!),
      ...Object.entries(categorySizes).map(([name, size]) => skewed(hash(person, saltOfCategory(crowd, name)), size)),
    )
  }
  database.exec('COMMIT')
  const ways: Record<string, { count: Way }> = {}
  const ask = (key: string, sql: string): void => {
    const statement = database.prepare(sql).pluck()
    ways[key] = { count: () => statement.get() }
  }
  const where = conditions({ bitCount: (value) => value, bitAnd: (a) => a, truth: (name) => name })
  for (const key of ['S1', 'S2', 'S3', 'S4a', 'S4b', 'S5a', 'S6a', 'S7a', 'S7b'])
    ask(key, `SELECT count(*) FROM p WHERE ${where[key]}`)
  ask('S8a', `SELECT sum(n16) FROM p WHERE ${where.S2}`)
  for (const [key, name] of profiles) {
    ask(key, profileQuery('p', name, where.S2!))
  }
  return { ways }
}
