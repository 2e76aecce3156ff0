// Run as a process of its own, to be killed: writes into a folder again and again, and says which writes are durable.
import { openEngine } from '../../src/index.ts'
import { scriptedClock, scriptedSchema, scriptedWrite } from './scripted-writes.ts'

const [, , dir, seed] = process.argv

const crowd = await openEngine({ dir: dir!, schema: scriptedSchema, clock: scriptedClock, durability: 'always' })
const { sequence } = crowd.health().store!
let written = sequence
let random = Number(seed)
for (;;) {
  random = (Math.imul(random, 1664525) + 1013904223) >>> 0
  for (let left = random % 40; left >= 0; left--) scriptedWrite(crowd, written++)
  if (random % 7 === 0) crowd.checkpoint().catch(() => {})
  const flushing = written
  await crowd.flushed()
  process.stdout.write(`${flushing}\n`)
}
