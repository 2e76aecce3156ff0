/** Milliseconds after which others have their turn of the event loop. */
const longestTurn = 3

/** Long work in short turns: between two pieces of it, others may work. */
export class ShortTurns {
  #began: number = performance.now()

  /** Whether the turn has taken long. */
  get isLong(): boolean {
    return performance.now() - this.#began >= longestTurn
  }

  /** Ends the turn where it has taken long, and says whether it has. To be awaited between two pieces. */
  async mayEnd(): Promise<boolean> {
    if (!this.isLong) return false
    await new Promise((resolve) => setImmediate(resolve))
    this.#began = performance.now()
    return true
  }
}
