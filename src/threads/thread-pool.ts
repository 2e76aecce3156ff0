import { Worker } from 'node:worker_threads'
import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Answer, Order, Setup, ThreadStart } from './orders.ts'

/** How many threads may die over one piece of work. */
const mostDeaths = 2
/** How many threads may die one after another before one has done anything. */
const mostFalseStarts = 3

/** A piece of work that one thread does. */
export interface Task {
  /** Who in the thread is to do it. */
  readonly to: string
  /** What it is told: anything that can be cloned. */
  readonly message: unknown
  /** Takes the answer, before the thread is given anything else. */
  take(answer: unknown, place: number): void
}

export interface PoolOptions {
  /** How many threads: 1 or more. They are started when there is work. */
  readonly size: number
  /** The module that each thread runs: it calls `serve`. */
  readonly script: URL
}

/** Work that was asked for at once. */
class Batch {
  readonly promise: Promise<void>
  /** Resolves once no thread works on it any more. */
  readonly ended: Promise<void>
  isOver = false
  #waiting: number
  #working = 0
  #resolve!: () => void
  #reject!: (error: unknown) => void
  #end!: () => void

  constructor(tasks: number) {
    this.#waiting = tasks
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  begun(): void {
    this.#working++
  }

  done(): void {
    this.#working--
    if (--this.#waiting === 0) {
      this.isOver = true
      this.#resolve()
    }
    this.#mayEnd()
  }

  /** A thread is no longer at it, and it wasn't done. */
  dropped(): void {
    this.#working--
    this.#mayEnd()
  }

  fail(error: unknown): void {
    if (this.isOver) return
    this.isOver = true
    this.#reject(error)
    this.#mayEnd()
  }

  #mayEnd(): void {
    if (this.isOver && this.#working === 0) this.#end()
  }
}

interface Queued {
  readonly task: Task
  readonly batch: Batch
  deaths: number
}

/** One place of the pool, and the thread that has it. */
interface Seat {
  readonly place: number
  /** The order that it is to give up: see `ThreadStart`. */
  readonly cancelled: Int32Array
  worker: Worker | null
  isReady: boolean
  order: number
  work: Queued | null
}

/**
 * Worker threads that are given pieces of work, one at a time each. Work of a thread that dies is given to another one: it must do no harm to do it
 * twice. Threads that have nothing to do keep no process alive.
 */
export class ThreadPool {
  readonly size: number
  readonly #script: URL
  readonly #seats: Seat[]
  readonly #queue: Queued[] = []
  readonly #setups = new Map<string, (place: number) => unknown>()
  #orders = 0
  #falseStarts = 0
  #deaths = 0
  #isClosed = false

  constructor({ size, script }: PoolOptions) {
    this.size = size
    this.#script = script
    this.#seats = Array.from({ length: size }, (_, place) => ({
      place,
      cancelled: new Int32Array(new SharedArrayBuffer(4)),
      worker: null,
      isReady: false,
      order: 0,
      work: null,
    }))
  }

  /** Whether it was closed: then no work is taken. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /** How many pieces of work were given to threads: asserted where a time would be noise. */
  get work(): number {
    return this.#orders
  }

  /** Threads that run, and that died although nobody ended them. */
  get stats(): { readonly size: number; readonly running: number; readonly deaths: number } {
    return {
      size: this.size,
      running: this.#seats.filter(({ worker }) => worker !== null).length,
      deaths: this.#deaths,
    }
  }

  /** Tells somebody in every thread, now and whenever one is started, what all of its work is about. */
  setUp(to: string, message: (place: number) => unknown): void {
    this.#setups.set(to, message)
    for (const { worker, place } of this.#seats)
      worker?.postMessage({ setup: to, message: message(place) } satisfies Setup)
  }

  /**
   * Has pieces of work done, in any order, as many at a time as there are threads.
   *
   * @param signal ends it: the promise is rejected with its reason at once, and threads that are at it give up soon after
   * @returns `done` resolves when every answer was taken; `ended`, which never rejects, when no thread is at it any more
   * @throws THREADS_FAILED, by `done`
   */
  run(tasks: readonly Task[], signal?: AbortSignal): { readonly done: Promise<void>; readonly ended: Promise<void> } {
    const batch = new Batch(tasks.length)
    if (tasks.length === 0 || signal?.aborted) {
      if (signal?.aborted) batch.fail(signal.reason)
      else return { done: Promise.resolve(), ended: Promise.resolve() }
      return { done: batch.promise, ended: batch.ended }
    }
    if (this.#isClosed) {
      batch.fail(closedError())
      return { done: batch.promise, ended: batch.ended }
    }
    for (const task of tasks) this.#queue.push({ task, batch, deaths: 0 })
    if (signal !== undefined) {
      const abort = (): void => this.#drop(batch, signal.reason)
      signal.addEventListener('abort', abort, { once: true })
      void batch.ended.then(() => signal.removeEventListener('abort', abort))
    }
    this.#assign()
    return { done: batch.promise, ended: batch.ended }
  }

  /** Ends all threads. Work that is under way, or asked for later, fails with THREADS_CLOSED. */
  async close(): Promise<void> {
    this.#isClosed = true
    const open = new Set(this.#queue.map(({ batch }) => batch))
    for (const { work } of this.#seats) if (work !== null) open.add(work.batch)
    for (const batch of open) this.#drop(batch, closedError())
    await Promise.all(this.#seats.map(({ worker }) => worker?.terminate()))
  }

  /** For tests: ends the first thread that runs, as if it had died. */
  async killOne(): Promise<void> {
    await this.#seats.find(({ worker }) => worker !== null)?.worker?.terminate()
  }

  #drop(batch: Batch, reason: unknown): void {
    for (let i = this.#queue.length; i-- > 0; ) if (this.#queue[i]!.batch === batch) this.#queue.splice(i, 1)
    for (const { work, cancelled, order } of this.#seats) if (work?.batch === batch) Atomics.store(cancelled, 0, order)
    batch.fail(reason)
  }

  /** Gives waiting work to threads without any, and starts threads where there aren't enough. */
  #assign(): void {
    for (const seat of this.#seats) {
      if (this.#queue.length === 0) return
      if (seat.work !== null) continue
      seat.worker ??= this.#start(seat)
      const work = this.#queue.shift()!
      seat.work = work
      seat.order = ++this.#orders
      work.batch.begun()
      const { to, message } = work.task
      seat.worker.ref()
      seat.worker.postMessage({ order: seat.order, to, message } satisfies Order)
    }
  }

  #start(seat: Seat): Worker {
    const start: ThreadStart = { cancelled: seat.cancelled }
    // Not what the process was started with: what it says may not be for threads.
    const worker = new Worker(this.#script, { workerData: start, execArgv: [], name: `crowdbit-${seat.place + 1}` })
    let fault: unknown = null
    worker.on('message', (answer: Answer) => this.#answered(seat, answer))
    worker.on('error', (error) => {
      fault = error
    })
    worker.on('exit', () => this.#exited(seat, worker, fault))
    worker.unref()
    for (const [to, message] of this.#setups)
      worker.postMessage({ setup: to, message: message(seat.place) } satisfies Setup)
    return worker
  }

  #answered(seat: Seat, answer: Answer): void {
    this.#falseStarts = 0
    const work = seat.work
    if (work === null || answer.order !== seat.order) return
    seat.work = null
    seat.worker!.unref()
    const { batch, task } = work
    if (batch.isOver) batch.dropped()
    else if ('error' in answer) {
      batch.dropped()
      this.#drop(batch, answer.error)
    } else {
      try {
        task.take(answer.answer, seat.place)
        batch.done()
      } catch (error) {
        batch.dropped()
        this.#drop(batch, error)
      }
    }
    this.#assign()
  }

  #exited(seat: Seat, worker: Worker, fault: unknown): void {
    if (seat.worker !== worker) return
    seat.worker = null
    const { work } = seat
    seat.work = null
    if (this.#isClosed) {
      work?.batch.dropped()
      return
    }
    this.#deaths++
    this.#falseStarts++
    if (work !== null) {
      work.batch.dropped()
      work.deaths++
      if (!work.batch.isOver && work.deaths <= mostDeaths) this.#queue.unshift(work)
      else this.#drop(work.batch, failed(fault))
    }
    if (this.#falseStarts >= mostFalseStarts) {
      this.#falseStarts = 0
      for (const { batch } of [...this.#queue]) this.#drop(batch, failed(fault))
    }
    this.#assign()
  }
}

function failed(fault: unknown): CrowdbitError {
  const found = fault instanceof Error ? fault.message : fault === null ? 'it ended' : show(fault)
  return new CrowdbitError(
    'THREADS_FAILED',
    `worker threads died over this question again and again: ${found}. Ask again, or ask without await: count and select need no threads. Where crowdbit is bundled, leave it out of the bundle, so that its worker.js is found`,
    { found },
    fault instanceof Error ? { cause: fault } : undefined,
  )
}

function closedError(): CrowdbitError {
  return new CrowdbitError(
    'THREADS_CLOSED',
    'the engine was closed, and its worker threads with it. count, select and the other questions without await still answer',
  )
}
