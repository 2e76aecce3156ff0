/**
 * An engine that is kept in a folder: what was written is there again after the process ends, a person who is removed is gone from
 * the disk with the next checkpoint, a backup is made while writes go on, and a replica follows from it.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { category, event, flag, number, openEngine } from 'crowdbit'

const folder = mkdtempSync(join(tmpdir(), 'crowdbit-durable-'))
const dir = join(folder, 'data')
const schema = {
  vip: flag(),
  cityTier: category(),
  purchase: event({ amount: number({ scale: 2 }) }),
}

/** Whether any file of a folder has these bytes. */
function isOnDisk(where: string, text: string): boolean {
  return readdirSync(where).some((name) => readFileSync(join(where, name)).includes(text))
}

// 'always': every write begins a sync; flushed() waits for it. A write that has returned survives the end of the process in any case.
const crowd = await openEngine({ dir, schema, durability: 'always' })
for (let i = 0; i < 1_000; i++) crowd.put(`member-${i}`, { vip: i % 10 === 0, cityTier: `T${1 + (i % 3)}` })
crowd.put('openid-of-Lin', { vip: true })
crowd.track('openid-of-Lin', 'purchase', { at: '2026-11-20T09:00:00Z', amount: '129.90' })
crowd.audiences.create({ name: 'VIPs', rule: 'vip', bounds: { min: 1 } })
await crowd.flushed()
const { sequence, log } = crowd.stats()
console.log('written     ', { sequence, durable: log?.durableSequence, segments: log?.segments })
await crowd.close()

// Opening reads the last checkpoint and does the log again.
const again = await openEngine({ dir })
console.log('opened again', { people: again.size, VIPs: again.audiences.get('VIPs').size, sequence: again.sequence })
console.log('purchases   ', again.events('openid-of-Lin', 'purchase'))

// Removal (law 3): from memory at once, from the disk by the next checkpoint.
again.remove('openid-of-Lin')
console.log('removed     ', { known: again.has('openid-of-Lin'), onDisk: isOnDisk(dir, 'openid-of-Lin') })
const checkpoint = await again.checkpoint()
console.log('checkpoint  ', { sequence: checkpoint.sequence, onDisk: isOnDisk(dir, 'openid-of-Lin') })

// A backup is of the moment of the call; writes go on meanwhile. Opening it is restoring it: here it becomes a replica, which does
// again what came later. So listening begins before the backup.
const changes = again.changes()
again.put('early', { vip: true })
const making = again.backup(join(folder, 'backup'))
again.put('late', { vip: true })
const backup = await making
const replica = await openEngine({ dir: join(folder, 'backup') })
console.log('backup      ', { sequence: backup.sequence, replica: replica.sequence })

again.removeMany(['member-1', 'member-11'])
again.audiences.get('VIPs').rebuild()
await again.close() // ends the iteration behind the last change
for await (const change of changes) {
  const isNew = change.sequence > replica.sequence
  if (isNew) replica.applyChange(change)
  console.log('change      ', change.sequence, change.kind, isNew ? 'done again' : 'is in the backup')
}
const [origin, copy] = [again, replica].map((engine) => [
  engine.sequence,
  engine.size,
  engine.audiences.get('VIPs').size,
])
console.log('origin      ', origin, 'replica', copy)

console.log('writable    ', again.health().writable)
try {
  again.put('too late', {})
} catch (error) {
  console.log(String(error))
}
await replica.close()
rmSync(folder, { recursive: true })
