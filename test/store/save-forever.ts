// Run as a process of its own, to be killed: saves into a folder again and again, and says which saves are done.
import { nodeFileSystem } from '../../src/store/node-file-system.ts'
import { saveStore } from '../../src/store/save-store.ts'

const [, , folder, first] = process.argv

/** The same as `bytesOf` of store-content.ts, which needs vitest. */
function bytesOf(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = (seed * 0x9e3779b1) | 1
  for (let i = 0; i < length; i++) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    bytes[i] = state
  }
  return bytes
}

for (let seed = Number(first); ; seed++) {
  const sections = [0, 1, 2].map((i) => ({ name: `s${i}`, version: 1, chunks: () => [bytesOf(100_000, seed * 3 + i)] }))
  await saveStore(nodeFileSystem, folder!, sections, { seed }, { fileBytes: 50_000 })
  process.stdout.write(`${seed}\n`)
}
