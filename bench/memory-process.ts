/** A process of `memory.ts`: makes an engine, or loads it, and says what memory it takes. */
import { parseArgs } from 'node:util'
import { createEngine, type Engine, flag, loadEngine, type SchemaSpec } from 'crowdbit'
import { collectGarbage } from './collect-garbage.ts'
import { hash } from './hash.ts'
import { userIds } from './user-id.ts'

const { values } = parseArgs({
  allowPositionals: true,
  options: { people: { type: 'string', default: '10000000' }, save: { type: 'string' }, load: { type: 'string' } },
})
const people = Number(values.people)
const tags = 50
const batch = 250_000

const schema: SchemaSpec = Object.fromEntries(Array.from({ length: tags }, (_, tag) => [`t${tag}`, flag()]))

/** Bytes that stay, once all that can be freed is. */
async function resident(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collectGarbage()
    // Buffers are freed by the collection after the one that found them unused.
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return process.memoryUsage().rss
}

function make(): Engine<SchemaSpec> {
  const crowd = createEngine({ schema })
  for (let from = 0; from < people; from += batch) {
    crowd.putMany(userIds(from, Math.min(batch, people - from)).map((id) => [id, {}] as const))
  }
  const members = new Uint32Array(people)
  for (let tag = 0; tag < tags; tag++) {
    // From 30 % to 0.03 %.
    const limit = 0.3 * 0.87 ** tag * 2 ** 32
    let count = 0
    for (let person = 0; person < people; person++) if (hash(person, tag) < limit) members[count++] = person
    ;(crowd.tags as Record<string, { replace(dense: Uint32Array): unknown }>)[`t${tag}`]!.replace(
      members.subarray(0, count),
    )
  }
  return crowd
}

createEngine({ schema })
const before = await resident()
const crowd = values.load === undefined ? make() : await loadEngine(values.load)
const grown = (await resident()) - before
const { idBytes, nativeBitmapBytes } = crowd.stats()
if (values.save !== undefined) await crowd.save(values.save)
const own = idBytes + nativeBitmapBytes
console.log(JSON.stringify({ idBytes, nativeBitmapBytes, grown, beyond: grown / own - 1 }))
