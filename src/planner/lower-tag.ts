import { type TextSearch, ValueDictionary } from '../columns/value-dictionary.ts'
import type { DerivedTag } from '../dataset/derived-tag.ts'
import type { RuleNode } from '../rules/ast.ts'
import type { LogicalNode } from './logical-node.ts'
import type { LogicalPool } from './logical-pool.ts'

/**
 * Conditions on flags and categories: on a column that holds its people, a leaf; on a live derived tag, the rules that it
 * is derived from, so that the tag is never out of date and the planner sees through it.
 */
export class TagLowering {
  readonly #pool: LogicalPool
  readonly #derived: (column: string) => DerivedTag | null
  readonly #lower: (rule: RuleNode) => LogicalNode
  /** The people of each value, and of any, of the derived tags that were met. */
  readonly #known = new Map<string, DerivedPeople | null>()

  constructor(
    pool: LogicalPool,
    derived: (column: string) => DerivedTag | null,
    lower: (rule: RuleNode) => LogicalNode,
  ) {
    this.#pool = pool
    this.#derived = derived
    this.#lower = lower
  }

  /** People with any value. */
  present(column: string): LogicalNode {
    return this.#people(column)?.anybody ?? this.#pool.present(column)
  }

  /** People with at least one of the values. */
  values(column: string, values: readonly string[]): LogicalNode {
    const people = this.#people(column)
    if (people === null) return this.#pool.values(column, values)
    return this.#pool.or(values.flatMap((value) => people.byValue.get(value) ?? []))
  }

  /** People with a value that a text search finds. */
  search(column: string, search: TextSearch): LogicalNode {
    const people = this.#people(column)
    if (people === null) return this.#pool.search(column, search)
    const dictionary = new ValueDictionary()
    for (const value of people.byValue.keys()) dictionary.add(value)
    return this.values(
      column,
      dictionary.search(search).map((number) => dictionary.textOf(number)),
    )
  }

  #people(column: string): DerivedPeople | null {
    const known = this.#known.get(column)
    if (known !== undefined) return known
    const derived = this.#derived(column)
    const people = derived === null || derived.mode === 'built' ? null : this.#unfold(derived)
    this.#known.set(column, people)
    return people
  }

  /** A person's value is that of the first rule that holds. */
  #unfold({ cases }: DerivedTag): DerivedPeople {
    const byValue = new Map<string, LogicalNode>()
    const before: LogicalNode[] = []
    for (const { value, rule } of cases) {
      const node = this.#lower(rule)
      if (value !== null) byValue.set(value, this.#pool.and([node, ...before.map((other) => this.#pool.not(other))]))
      before.push(node)
    }
    return { anybody: this.#pool.or(before), byValue }
  }
}

interface DerivedPeople {
  readonly anybody: LogicalNode
  readonly byValue: ReadonlyMap<string, LogicalNode>
}
