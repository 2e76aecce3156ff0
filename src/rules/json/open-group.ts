import type { RuleNode } from '../ast.ts'

/** A node whose inner rules are being read, in order. */
export class OpenGroup {
  /** Whether the inner rules are about one event, in which names are properties. */
  readonly inFilter: boolean
  readonly #parts: readonly unknown[]
  readonly #pathOf: (index: number) => string
  readonly #make: (nodes: readonly RuleNode[]) => RuleNode | null
  readonly #nodes: RuleNode[] = []
  #read = 0

  constructor(
    parts: readonly unknown[],
    pathOf: (index: number) => string,
    makeNode: (nodes: readonly RuleNode[]) => RuleNode | null,
    inFilter: boolean,
  ) {
    this.#parts = parts
    this.#pathOf = pathOf
    this.#make = makeNode
    this.inFilter = inFilter
  }

  get isRead(): boolean {
    return this.#read === this.#parts.length
  }

  next(): { part: unknown; path: string } {
    return { part: this.#parts[this.#read], path: this.#pathOf(this.#read) }
  }

  take(node: RuleNode | null): void {
    this.#read++
    if (node !== null) this.#nodes.push(node)
  }

  /** The node, or `null` when a part was faulty. */
  close(): RuleNode | null {
    return this.#nodes.length === this.#parts.length ? this.#make(this.#nodes) : null
  }
}
