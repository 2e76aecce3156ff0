import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'

/** Memberships of a gzipped `tag,user_id` file: ids by tag, tags and ids in the order of the file. */
export function readMemberships(path: string): ReadonlyMap<string, readonly number[]> {
  const rows: string[][] = parse(gunzipSync(readFileSync(path)))
  const [header, ...data] = rows
  if (header?.join() !== 'tag,user_id') throw new Error(`${path}: found the header ${header?.join()}`)
  const members = new Map<string, number[]>()
  for (const [tag, id] of data as [string, string][]) {
    const ids = members.get(tag)
    if (ids === undefined) members.set(tag, [Number(id)])
    else ids.push(Number(id))
  }
  return members
}
