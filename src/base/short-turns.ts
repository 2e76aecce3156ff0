/** Milliseconds after which others have their turn of the event loop. */
const longestTurn = 3

/** Long work in short turns: between two pieces of it, others may work. */
export class ShortTurns {
  #began: number = performance.now()

  /** Ends the turn where it has taken long. To be awaited between two pieces. */
  async mayEnd(): Promise<void> {
    if (performance.now() - this.#began < longestTurn) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#began = performance.now()
  }
}
