import { parentPort, workerData } from 'node:worker_threads'
import { invariant } from '../base/invariant.ts'
import type { Answer, Order, Setup, ThreadStart } from './orders.ts'

/** Somebody in a thread who does a kind of work. */
export interface Server {
  /** What all of its work is about: comes before the work. */
  setUp?(message: unknown): void
  /** Does a piece of work. An error is passed on as it is. `isCancelled` is cheap. */
  serve(message: unknown, isCancelled: () => boolean): unknown
}

/** Does what a `ThreadPool` asks for, from now on. To be called once, by the module that a thread runs. */
export function serve(servers: Readonly<Record<string, Server>>): void {
  invariant(parentPort !== null, 'who serves is in a thread')
  const port = parentPort
  const { cancelled } = workerData as ThreadStart
  port.on('message', (message: Setup | Order) => {
    if ('setup' in message) {
      servers[message.setup]!.setUp?.(message.message)
      return
    }
    const { order } = message
    const isCancelled = (): boolean => Atomics.load(cancelled, 0) === order
    let answer: Answer
    try {
      answer = { order, answer: servers[message.to]!.serve(message.message, isCancelled) }
    } catch (error) {
      answer = { order, error }
    }
    port.postMessage(answer)
  })
}
