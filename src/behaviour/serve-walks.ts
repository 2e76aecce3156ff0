import { ContainerStage, headRoom } from '../bitmap/container-stage.ts'
import { addWords } from '../bitmap/container-words.ts'
import { bitsetBytes } from '../bitmap/portable-format.ts'
import type { Server } from '../threads/serve.ts'
import { ChunkWalk, type WalkLog } from './chunk-walk.ts'
import { CountAccumulator } from './count-accumulator.ts'
import { rowTestOf } from './row-test-of.ts'
import type { WalkAnswer, WalkOrder } from './walk-order.ts'

/** Walks over events in a thread. */
export class WalkServer implements Server {
  /** Where people are put together. It is read before there is another order. */
  #room: Uint8Array = new Uint8Array(0)

  serve(message: unknown, isCancelled: () => boolean): WalkAnswer {
    const { measure, tests, pieces, from, end } = message as WalkOrder
    const terms = tests.map((spec) => ({ test: spec === null ? null : rowTestOf(spec) }))
    const log: WalkLog = { events: 0 }
    const walk = new ChunkWalk(pieces, new CountAccumulator(terms, measure.range, measure.counted), log, from)
    const room = headRoom + (end - from) * bitsetBytes
    if (this.#room.length < room) this.#room = new Uint8Array(new SharedArrayBuffer(room))
    const stage = new ContainerStage(this.#room, 0)
    let last = -1
    for (let key = walk.nextContainer(); key !== -1 && key < end; key = walk.nextContainer()) {
      // Where rows are moved meanwhile, a container may seem to come again. The answer is worth nothing then, but there must be one.
      if (key <= last || isCancelled()) break
      last = key
      addWords(stage, key, walk.measure(key))
    }
    const built = stage.finish()
    return { bytes: built === null ? null : this.#room.subarray(built.start, built.end), events: log.events }
  }
}
