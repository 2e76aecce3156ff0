import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Numbered } from './numbered.ts'
import type { Shop } from './shop.ts'

/** What the process of DuckDB is asked for. */
export type DuckRequest =
  | { readonly do: 'query'; readonly sql: string }
  | { readonly do: 'shop'; readonly shop: Shop }
  | { readonly do: 'live'; readonly shop: Shop; readonly round: number }
  | { readonly do: 'numbered'; readonly numbered: Numbered }
  | { readonly do: 'memory' }

/** What it answers. */
export type DuckReply = Timed | { readonly error: string }

/** An answer, and how long it took to work out. */
export interface Timed {
  readonly answer: number
  readonly ms: number
}

/**
 * DuckDB as a peer: in a process of its own, with its default settings and so as many threads as the machine has cores, in
 * memory. It makes the same rows from the same seeds by itself. A query is prepared before it is timed, and timed in that
 * process, from running it to having its number.
 */
export class DuckDB {
  readonly #child: ChildProcess
  readonly #ended: Promise<[DuckReply]>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = once(child, 'exit').then(() => [{ error: 'the process has ended' }])
  }

  static start(): DuckDB {
    return new DuckDB(fork(join(import.meta.dirname, 'duckdb-process.ts'), { stdio: 'inherit' }))
  }

  /** Makes the events of a shop, in tables of their names. */
  async loadShop(shop: Shop): Promise<void> {
    await this.#ask({ do: 'shop', shop })
  }

  /** Adds the live events of a round. */
  async loadLive(shop: Shop, round: number): Promise<void> {
    await this.#ask({ do: 'live', shop, round })
  }

  /** Makes the table `people (a, n16, n24)`. */
  async loadNumbered(numbered: Numbered): Promise<void> {
    await this.#ask({ do: 'numbered', numbered })
  }

  /** Runs a query that gives one number. */
  query(sql: string): Promise<Timed> {
    return this.#ask({ do: 'query', sql })
  }

  /** Resident bytes of the process. */
  async memory(): Promise<number> {
    return (await this.#ask({ do: 'memory' })).answer
  }

  stop(): void {
    this.#child.kill()
  }

  async #ask(request: DuckRequest): Promise<Timed> {
    const replied = once(this.#child, 'message') as Promise<[DuckReply]>
    this.#child.send(request)
    const [reply] = await Promise.race([replied, this.#ended])
    if ('error' in reply) throw new Error(`DuckDB: ${reply.error}`)
    return reply
  }
}
