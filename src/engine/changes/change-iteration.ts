import type { Change } from './change.ts'

/** What an iteration reads from. */
export interface ChangeSource {
  /** The change of a number; `null` where it has not come yet. @throws CHANGES_GONE */
  take(sequence: number): Change | null
  /** Whether no more will come. */
  readonly isOver: boolean
  /** Told that an iteration has read one more. */
  moved(iteration: ChangeIteration): void
  /** Told that an iteration reads no more. */
  left(iteration: ChangeIteration): void
}

/** Who waits for a change. */
interface Waiting {
  resolve(result: IteratorResult<Change, undefined>): void
  reject(reason: unknown): void
}

const over: IteratorReturnResult<undefined> = Object.freeze({ done: true, value: undefined })

/** One walk along the changes of an engine. */
export class ChangeIteration implements AsyncIterableIterator<Change> {
  readonly #source: ChangeSource
  readonly #signal: AbortSignal | null
  readonly #waiting: Waiting[] = []
  #next: number
  #ended = false
  /** Why it has ended, where nobody was told yet. */
  #failure: { readonly reason: unknown } | null = null

  /** @param next the number of the first change to be given */
  constructor(source: ChangeSource, next: number, signal: AbortSignal | null) {
    this.#source = source
    this.#signal = signal
    this.#next = next
    if (signal?.aborted === true) this.#aborted()
    else signal?.addEventListener('abort', this.#aborted, { once: true })
  }

  /** The number of the next change that it will give. */
  get position(): number {
    return this.#next
  }

  get hasEnded(): boolean {
    return this.#ended
  }

  async next(): Promise<IteratorResult<Change, undefined>> {
    if (this.#failure !== null) {
      const { reason } = this.#failure
      this.#failure = null
      throw reason
    }
    if (this.#ended) return over
    // Those who asked before come first.
    const change = this.#waiting.length > 0 ? null : this.#take()
    if (change !== null) return { done: false, value: change }
    if (this.#source.isOver) {
      this.#end()
      return over
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }))
  }

  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#end()
    return over
  }

  async throw(reason: unknown): Promise<never> {
    this.#end()
    throw reason
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Told that a change has come. */
  wake(): void {
    while (this.#waiting.length > 0) {
      let change: Change | null
      try {
        change = this.#take()
      } catch (reason) {
        this.#waiting.shift()?.reject(reason)
        this.#end()
        return
      }
      if (change === null) return
      this.#waiting.shift()!.resolve({ done: false, value: change })
    }
  }

  /** Told that no more will come. Changes that were not read yet are still given. */
  close(): void {
    if (this.#waiting.length > 0) this.#end()
  }

  #take(): Change | null {
    let change: Change | null
    try {
      change = this.#source.take(this.#next)
    } catch (error) {
      if (this.#waiting.length === 0) this.#end()
      throw error
    }
    if (change !== null) {
      this.#next++
      this.#source.moved(this)
    }
    return change
  }

  readonly #aborted = (): void => {
    const reason: unknown = this.#signal!.reason
    const first = this.#waiting.shift()
    if (first === undefined) this.#failure = { reason }
    else first.reject(reason)
    this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.#aborted)
    this.#source.left(this)
    for (const { resolve } of this.#waiting.splice(0)) resolve(over)
  }
}
