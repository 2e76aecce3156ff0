// Run as a process of its own, to be killed: opens a folder, appends records without syncing them, says so, and waits.
import { DurableStore } from '../../src/store/durable-store.ts'
import { nodeFileSystem } from '../../src/store/node-file-system.ts'

const [, , folder, count] = process.argv

const store = await DurableStore.open(nodeFileSystem, folder!, { durability: 'none' })
await store.replay(() => {})
for (let i = 0; i < Number(count); i++) store.append(new TextEncoder().encode(`record ${i}`))
process.stdout.write('open\n')
setInterval(() => {}, 1000)
