import { countCells } from '../bitmap/count-cells.ts'
import type { Server } from '../threads/serve.ts'
import type { ProfileOrder } from './profile-order.ts'

/** Counts people by their values in a thread. */
export class ProfileServer implements Server {
  serve(message: unknown): Uint32Array {
    const { bytes, chunks, from, length } = message as ProfileOrder
    const counts = new Uint32Array(length)
    countCells(bytes, chunks, from, counts)
    return counts
  }
}
