import { Readable } from 'node:stream'

/** Anything that gives one item after another. */
export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>

/**
 * Reads an iterable or stream that somebody else made, one item at a time, and lets go of it properly: a stream is
 * destroyed, a generator gets its `return`.
 */
export class InputIterator<T> {
  readonly #input: AnyIterable<T>
  readonly #iterator: Iterator<T> | AsyncIterator<T>
  readonly #isAsync: boolean
  #waiting = false
  #ended = false

  constructor(input: AnyIterable<T>) {
    if (input instanceof Readable && (input.readableEnded || input.destroyed)) {
      throw new Error('the stream was read before, or was destroyed')
    }
    this.#input = input
    this.#isAsync = Symbol.asyncIterator in input
    this.#iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]()
  }

  /** The next item; a promise only where the input is asynchronous. */
  next(): IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>> {
    const step = this.#iterator.next()
    if (this.#isAsync) return this.#settle(step)
    this.#ended = (step as IteratorResult<T, unknown>).done === true
    return step
  }

  /**
   * Lets go of the input. Doesn't wait for an item that is being waited for, since it may never come, and a generator
   * can't be told to stop while it waits.
   */
  async close(): Promise<void> {
    if (this.#input instanceof Readable) this.#input.destroy()
    else if (!this.#ended) {
      const closing = Promise.resolve()
        .then(() => this.#iterator.return?.())
        .catch(() => {})
      if (!this.#waiting) await closing
    }
    this.#ended = true
  }

  async #settle(
    step: IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>>,
  ): Promise<IteratorResult<T, unknown>> {
    this.#waiting = true
    try {
      const result = await step
      this.#ended = result.done === true
      return result
    } catch (error) {
      this.#ended = true
      throw error
    } finally {
      this.#waiting = false
    }
  }
}
