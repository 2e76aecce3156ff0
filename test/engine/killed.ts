import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'
import { createEngine, type Engine, openEngine, type SchemaSpec } from '../../src/index.ts'
import { stateOf } from './engine-state.ts'
import { scriptedClock, scriptedIds, scriptedSchema, scriptedWrite } from './scripted-writes.ts'

const script = fileURLToPath(new URL('./write-forever.ts', import.meta.url))

/**
 * A process writes into the folder, and is killed after some milliseconds. Gives how many writes it had said to be durable.
 */
async function killWriter(folder: string, seed: number, after: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the writer ended by itself, with ${code}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      if (said === '') setTimeout(resolve, after)
      said += chunk.toString()
    })
  })
  child.removeAllListeners('exit')
  child.kill('SIGKILL')
  await ended
  // The last line may be cut off.
  return Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1))
}

/** Kills a writer again and again: each time the folder opens with everything that was durable, and nothing made up. */
export async function killAgainAndAgain(folder: string, rounds: number): Promise<void> {
  const expected = createEngine({ schema: scriptedSchema, clock: scriptedClock }) as Engine<SchemaSpec>
  let written = 0
  for (let round = 0; round < rounds; round++) {
    const durable = await killWriter(folder, round + 1, (round * 37) % 150)
    const crowd = await openEngine({ dir: folder, schema: scriptedSchema, clock: scriptedClock })
    const { sequence } = crowd.health().store!
    expect(sequence).toBeGreaterThanOrEqual(durable)
    for (; written < sequence; written++) scriptedWrite(expected, written)
    expect(stateOf(crowd as Engine<SchemaSpec>, scriptedIds)).toEqual(stateOf(expected, scriptedIds))
    await crowd.close()
  }
}
