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
crowd.track('member-7', 'purchase', { at: '2026-11-20T09:00:00Z', amount: '129.90', eventId: 'order-1' })
crowd.audiences.create({ name: 'VIPs', rule: 'vip', bounds: { min: 1 } })
await crowd.flushed()
const { sequence, log } = crowd.stats()
console.log('written     ', { sequence, durable: log?.durableSequence, segments: log?.segments })
await crowd.close()

// Opening reads the last checkpoint and does the log again.
const again = await openEngine({ dir })
console.log('opened again', { people: again.size, vips: again.audiences.get('VIPs').size, sequence: again.sequence })
console.log('purchases   ', again.events('member-7', 'purchase'))

// Removal (law 3): from memory at once, from the disk by the next checkpoint.
again.remove('member-7')
console.log('removed     ', { known: again.has('member-7'), onDisk: isOnDisk(dir, 'member-7') })
const checkpoint = await again.checkpoint()
console.log('checkpoint  ', { sequence: checkpoint.sequence, onDisk: isOnDisk(dir, 'order-1') })

// A backup is of the moment of the call; writes go on meanwhile.
const making = again.backup(join(folder, 'backup'))
again.put('late', { vip: true })
const backup = await making
console.log('backup      ', { sequence: backup.sequence })

// Opening a backup is restoring it. Here it becomes a replica, which does each later change again.
const replica = await openEngine({ dir: join(folder, 'backup') })
const changes = again.changes({ after: again.sequence })
replica.put('late', { vip: true }) //          the one write that was made before anybody listened
again.put('later', { vip: true })
again.removeMany(['member-0', 'member-10'])
await again.close() //                         ends the iteration behind the last change
for await (const change of changes) {
  replica.applyChange(change)
  console.log('replica     ', change.sequence, change.kind, { people: replica.size, vips: replica.count('vip') })
}
console.log('equal       ', again.size === replica.size && again.sequence === replica.sequence)

console.log('health      ', { closed: again.health().problem?.code ?? null, writable: again.health().writable })
try {
  again.put('too late', {})
} catch (error) {
  console.log(String(error))
}
await replica.close()
rmSync(folder, { recursive: true })
