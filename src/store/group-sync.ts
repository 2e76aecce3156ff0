/** Runs one sync at a time, and lets everybody who asks meanwhile share the next one. */
export class GroupSync {
  readonly #sync: () => Promise<void>
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  /** @param sync makes all durable that was written when it is called */
  constructor(sync: () => Promise<void>) {
    this.#sync = sync
  }

  /** Resolves when a sync has ended that began after the call, or at it. */
  request(): Promise<void> {
    // One that is asked for has not begun, also when the one before has ended already.
    if (this.#next !== null) return this.#next
    if (this.#running === null) return this.#start()
    const before = this.#running.catch(() => {})
    this.#next = before.then(() => {
      this.#next = null
      return this.#start()
    })
    return this.#next
  }

  /** The sync that is under way, if any. */
  get running(): Promise<void> | null {
    return this.#running
  }

  /** Resolves when no sync is under way and none is asked for, however they ended. */
  async idle(): Promise<void> {
    for (let one = this.#next ?? this.#running; one !== null; one = this.#next ?? this.#running) {
      await one.catch(() => {})
    }
  }

  #start(): Promise<void> {
    const running = this.#sync().finally(() => {
      if (this.#running === running) this.#running = null
    })
    this.#running = running
    return running
  }
}
