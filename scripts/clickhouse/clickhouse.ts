import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** A ClickHouse in this process. */
export interface ClickHouse {
  readonly version: string
  run(sql: string): void
  rows(sql: string): unknown[][]
  close(): void
}

/** What we use of the package `chdb`. */
interface Chdb {
  Session: new (path: string) => { query(sql: string, format: string): string; cleanup(): void }
}

const howTo = `This needs ClickHouse as a library, the npm package chdb: 550 MB, so it is no dependency. Install it beside the repo, and say where:

  mkdir -p /tmp/chdb && echo '{}' > /tmp/chdb/package.json && npm install --prefix /tmp/chdb chdb@3.4.0
  CROWDBIT_CHDB=/tmp/chdb npm run compare:clickhouse`

/** Opens the ClickHouse in the folder that the environment variable CROWDBIT_CHDB names, or prints how to get one. */
export function openClickHouse(): ClickHouse | null {
  const folder = process.env.CROWDBIT_CHDB
  if (folder === undefined || folder === '' || !existsSync(join(folder, 'node_modules', 'chdb'))) {
    console.log(folder ? `There is no chdb in ${folder}.\n\n${howTo}` : howTo)
    return null
  }
  const { Session } = createRequire(join(resolve(folder), 'package.json'))('chdb') as Chdb
  const data = mkdtempSync(join(tmpdir(), 'crowdbit-clickhouse-'))
  const session = new Session(data)
  const rows = (sql: string): unknown[][] => {
    const lines = session.query(sql, 'JSONCompactEachRow').trim()
    return lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line) as unknown[])
  }
  return {
    version: String(rows('select version()')[0]![0]),
    run(sql) {
      session.query(sql, 'Null')
    },
    rows,
    close() {
      session.cleanup()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
