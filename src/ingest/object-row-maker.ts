import type { Mapping } from './mapping.ts'
import { RowFault } from './row-fault.ts'
import { type MadeRow, maxIgnored, type RowMaker } from './row-maker.ts'
import type { NewRow, ValueCell } from './value-cell.ts'

/** Names of keys remembered at most: sources whose keys differ from row to row have no end of them. */
const maxKnown = 10_000

/** What becomes of the value of a key. */
interface KeyPlan {
  readonly isId: boolean
  readonly isTag: boolean
  readonly cell: ValueCell | null
  /** Own cells that the key is written to as well. */
  readonly own: readonly ValueCell[]
}

/** Makes rows of objects. Where the value of a key goes is settled when the key is first seen. */
export class ObjectRowMaker implements RowMaker<object> {
  readonly ignored: Set<string> = new Set()
  readonly #mapping: Mapping
  readonly #plans = new Map<string, KeyPlan>()
  readonly #byColumn = new Map<string, ValueCell>()

  constructor(mapping: Mapping) {
    this.#mapping = mapping
    for (const cell of mapping.own) this.#byColumn.set(cell.to, cell)
  }

  make(object: object): MadeRow | RowFault {
    const { id: idCell, tag: tagCell } = this.#mapping
    const row: NewRow = {}
    let given: unknown
    let tag: unknown
    let fault: RowFault | null = null
    for (const key of Object.keys(object)) {
      const plan = this.#plans.get(key) ?? this.#plan(key)
      const value = (object as Record<string, unknown>)[key]
      if (plan.isId) given = value
      if (plan.isTag) tag = value
      if (plan.cell !== null) fault ??= plan.cell.write(value, row)
      for (let i = 0; i < plan.own.length; i++) fault ??= plan.own[i]!.write(value, row)
    }
    const id = idCell.of(given)
    if (id instanceof RowFault) return id
    if (fault !== null) return fault
    if (tagCell !== null) {
      const flag = tagCell.flagOf(tag)
      if (flag instanceof RowFault) return flag
      row[flag] = true
    }
    return [id, row]
  }

  cellTo(column: string): ValueCell | undefined {
    return this.#byColumn.get(column)
  }

  #plan(key: string): KeyPlan {
    const mapping = this.#mapping
    const source = key.normalize('NFC')
    const cell = mapping.cellOf(source)
    const own = mapping.own.filter((other) => other.source === source)
    const plan = { isId: source === mapping.id.source, isTag: source === mapping.tag?.source, cell, own }
    if (cell !== null && !this.#byColumn.has(cell.to)) this.#byColumn.set(cell.to, cell)
    if (cell === null && mapping.ignores(source) && this.ignored.size < maxIgnored) this.ignored.add(source)
    if (this.#plans.size < maxKnown) this.#plans.set(key, plan)
    return plan
  }
}
