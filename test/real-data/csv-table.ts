import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

/** The rows of a CSV file, gzipped if its name says so, by the names in its first line. */
export function readTable(path: string): Readonly<Record<string, string>>[] {
  const bytes = readFileSync(path)
  return parse(path.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true })
}
