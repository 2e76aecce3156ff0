import type { ColumnSpec, ExternalId, SchemaSpec } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import type { ListChange, MembersChange, PopulationChange, WrittenRow, WrittenValue } from './population-change.ts'
import {
  peopleOf,
  type ReferenceAudience,
  type ReferencePerson,
  type ReferenceValue,
  type ReferenceView,
} from './reference-evaluator.ts'

/**
 * A population as plain maps: what every write means. It checks nothing; changes have to fit (`changeFits`).
 * Cost: a step for each cell, and for each person where a whole column changes.
 *
 * @example
 * ```ts
 * const people = new ReferencePopulation({ vip: flag(), tier: category() })
 * people.put('u1', { vip: true, tier: 'T1' })
 * people.put('u2', { tier: null })
 * people.ids(parseRule('not vip').node) // [ 'u2' ]
 * ```
 */
export class ReferencePopulation implements ReferenceView {
  readonly schema: ReadonlyMap<string, ColumnSpec>
  readonly people: ReadonlyMap<ExternalId, ReferencePerson>
  readonly audiences: ReadonlyMap<string, ReferenceAudience>
  readonly #schema = new Map<string, ColumnSpec>()
  readonly #people = new Map<ExternalId, Map<string, ReferenceValue>>()
  readonly #audiences = new Map<string, { rule: RuleNode | null; versions: Map<number, Set<ExternalId>> }>()

  constructor(schema: SchemaSpec) {
    this.schema = this.#schema
    this.people = this.#people
    this.audiences = this.#audiences
    for (const [column, spec] of Object.entries(schema)) this.addColumn(column, spec)
  }

  /** Whether the person is known and not removed. */
  has(id: ExternalId): boolean {
    return this.#people.has(oneForm(id))
  }

  /** The people of a rule, in the order of first sight. */
  ids(rule: RuleNode): ExternalId[] {
    return [...peopleOf(rule, this)]
  }

  /** Writes a row. Law 2: whoever is written to is seen by it, whatever is written. */
  put(id: ExternalId, row: WrittenRow): void {
    const person = this.#see(id)
    for (const [column, written] of Object.entries(row)) this.#write(person, column.normalize('NFC'), written)
  }

  /** Law 3: cleared from every column and list. Who comes back is a new person, at the end. */
  remove(id: ExternalId): void {
    const gone = oneForm(id)
    this.#people.delete(gone)
    for (const { versions } of this.#audiences.values()) for (const members of versions.values()) members.delete(gone)
  }

  /** A bulk write: for each person what a row would have done. Law 2 again: clearing is a write too. */
  changeMembers({ column: name, value, action, form, ids }: Omit<MembersChange, 'kind'>): void {
    const column = name.normalize('NFC')
    const text = value?.normalize('NFC') ?? null
    // Dense numbers are of people who are known already.
    const people = (form === 'dense' || form === 'bytes' ? ids.filter((id) => this.has(id)) : ids).map(oneForm)
    if (action === 'replace') {
      const given = new Set(people)
      for (const [id, person] of this.#people) if (!given.has(id)) this.#take(person, column, text)
    }
    for (const id of people) {
      const person = this.#see(id)
      if (action === 'clear') this.#take(person, column, text)
      else this.#give(person, column, text)
    }
  }

  addColumn(column: string, spec: ColumnSpec): void {
    this.#schema.set(column.normalize('NFC'), spec)
  }

  dropColumn(column: string): void {
    this.#schema.delete(column.normalize('NFC'))
    for (const person of this.#people.values()) person.delete(column.normalize('NFC'))
  }

  createAudience(name: string, rule: RuleNode): void {
    this.#audiences.set(name, { rule, versions: new Map([[1, peopleOf(rule, this)]]) })
  }

  /** Law 20: unknown ids are created only on request. */
  createList(name: string, ids: readonly ExternalId[], createUnknown: boolean): void {
    if (createUnknown) for (const id of ids) this.#see(id)
    this.#audiences.set(name, { rule: null, versions: new Map([[1, this.#known(ids)]]) })
  }

  /** Law 19: a rebuild makes a new version. */
  rebuild(name: string, rule: RuleNode | null): void {
    const audience = this.#audiences.get(name)!
    audience.rule = rule ?? audience.rule
    audience.versions.set(audience.versions.size + 1, peopleOf(audience.rule!, this))
  }

  changeList({ name, action, ids }: Omit<ListChange, 'kind'>): void {
    const { versions } = this.#audiences.get(name)!
    const members = new Set(action === 'replace' ? [] : versions.get(versions.size))
    for (const id of this.#known(ids)) {
      if (action === 'remove') members.delete(id)
      else members.add(id)
    }
    versions.set(versions.size + 1, members)
  }

  apply(change: PopulationChange): void {
    switch (change.kind) {
      case 'put':
        for (const [id, row] of change.rows) this.put(id, row)
        break
      case 'remove':
        for (const id of change.ids) this.remove(id)
        break
      case 'members':
        this.changeMembers(change)
        break
      case 'addColumn':
        this.addColumn(change.column, change.spec)
        break
      case 'dropColumn':
        this.dropColumn(change.column)
        break
      case 'ruleAudience':
        this.createAudience(change.name, change.rule)
        break
      case 'listAudience':
        this.createList(change.name, change.ids, change.createUnknown)
        break
      case 'rebuild':
        this.rebuild(change.name, change.rule)
        break
      case 'list':
        this.changeList(change)
    }
  }

  #see(id: ExternalId): Map<string, ReferenceValue> {
    const known = this.#people.get(oneForm(id))
    if (known !== undefined) return known
    const person = new Map<string, ReferenceValue>()
    this.#people.set(oneForm(id), person)
    return person
  }

  #known(ids: readonly ExternalId[]): Set<ExternalId> {
    return new Set(ids.map(oneForm).filter((id) => this.#people.has(id)))
  }

  #write(person: Map<string, ReferenceValue>, column: string, written: WrittenValue): void {
    // Law 7: null and undefined clear, false clears a flag, and the empty text is a value.
    if (written === null || written === undefined || written === false) person.delete(column)
    else if (written === true) person.set(column, true)
    else if (typeof written === 'string') person.set(column, written.normalize('NFC'))
    else if ('length' in written) {
      person.delete(column)
      for (const text of written) this.#give(person, column, text.normalize('NFC'))
    } else {
      // What is in both lists is there in the end.
      for (const text of written.remove ?? []) this.#take(person, column, text.normalize('NFC'))
      for (const text of written.add ?? []) this.#give(person, column, text.normalize('NFC'))
    }
  }

  /** Gives a flag (`null`), the value of a one-value category in the place of another, or one more of many. */
  #give(person: Map<string, ReferenceValue>, column: string, text: string | null): void {
    const spec = this.#schema.get(column)!
    if (text === null) person.set(column, true)
    else if (spec.kind === 'category' && spec.many) person.set(column, new Set([...textsIn(person.get(column)), text]))
    else person.set(column, text)
  }

  /** Takes a value from whoever has it, or whichever there is (`null`). Who has none left has nothing in the column. */
  #take(person: Map<string, ReferenceValue>, column: string, text: string | null): void {
    const value = person.get(column)
    if (text === null || value === text) person.delete(column)
    else if (value instanceof Set) {
      const left = new Set([...textsIn(value)].filter((other) => other !== text))
      if (left.size === 0) person.delete(column)
      else person.set(column, left)
    }
  }
}

function textsIn(value: ReferenceValue | undefined): Iterable<string> {
  return value instanceof Set ? (value as ReadonlySet<string>) : []
}

/** Law 1: `42` and `42n` are one id, `'42'` is another. */
function oneForm(id: ExternalId): ExternalId {
  return typeof id === 'bigint' && id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : id
}
