import type { ColumnSpec, EventSpec, ExternalId, PropertiesSpec, SchemaSpec } from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import type {
  ListChange,
  MembersChange,
  PopulationChange,
  SystemSettings,
  TrackChange,
  ValuesChange,
  WrittenEvent,
  WrittenRow,
  WrittenValue,
} from './population-change.ts'
import { peopleOf } from './reference-evaluator.ts'
import { groupsOf, mergedValue, type ReferencePair, type WrittenAt } from './reference-links.ts'
import { decimalOf, type ReferenceDecimal } from './reference-numbers.ts'
import { dayOf, instantOf } from './reference-time.ts'
import type {
  ReferenceAudience,
  ReferenceEvent,
  ReferencePerson,
  ReferenceValue,
  ReferenceView,
} from './reference-view.ts'

type Values = Map<string, ReferenceValue>

/**
 * A population as plain maps: what every write means. It checks nothing; changes have to fit (`changeFits`). Its clock
 * stands still.
 * Cost: a step for each cell and event, and for each person where a whole column changes.
 *
 * @example
 * ```ts
 * const people = new ReferencePopulation({ vip: flag(), tier: category(), buy: event() }, { now: 5_000 })
 * people.put('u1', { vip: true, tier: 'T1' })
 * people.put('u2', { tier: null })
 * people.ids(parseRule('not vip').node) // [ 'u2' ]
 * people.track('buy', 'u2', { at: 4_000 })
 * people.ids(parseRule('did buy').node) // [ 'u2' ]
 * people.ids(parseRule('did buy').node, 3_999) // []
 * ```
 */
export class ReferencePopulation implements ReferenceView {
  readonly schema: ReadonlyMap<string, ColumnSpec>
  readonly people: ReadonlyMap<ExternalId, ReferencePerson>
  readonly events: ReadonlyMap<ExternalId, readonly ReferenceEvent[]>
  readonly audiences: ReadonlyMap<string, ReferenceAudience>
  /** Law 4: the id that names a person, by each other id of it. */
  readonly aliases: ReadonlyMap<ExternalId, ExternalId>
  readonly timeZone: string
  /** Law 11: what the clock shows, unless a question says otherwise. */
  readonly asOf: number
  readonly #schema = new Map<string, ColumnSpec>()
  readonly #people = new Map<ExternalId, Values>()
  readonly #events = new Map<ExternalId, ReferenceEvent[]>()
  readonly #audiences = new Map<string, { rule: RuleNode | null; versions: Map<number, Set<ExternalId>> }>()
  readonly #aliases = new Map<ExternalId, ExternalId>()
  /** Aliases that were people of their own. */
  readonly #merged = new Set<ExternalId>()
  /** Every id that somebody has, in the order of first sight. */
  readonly #ids = new Set<ExternalId>()
  /** Changes so far, the present one included. */
  #change = 0
  /** The change that wrote each value of a person. */
  readonly #writtenAt = new WeakMap<Values, Map<string, number>>()

  /** @param settings the zone, UTC unless it is given, and the time of the clock: else that of the machine. */
  constructor(schema: SchemaSpec, { timeZone = 'UTC', now = Date.now() }: Partial<SystemSettings> = {}) {
    this.schema = this.#schema
    this.people = this.#people
    this.events = this.#events
    this.audiences = this.#audiences
    this.aliases = this.#aliases
    this.timeZone = timeZone
    this.asOf = now
    for (const [column, spec] of Object.entries(schema)) this.addColumn(column, spec)
  }

  /** Whether the person is known and not removed. */
  has(id: ExternalId): boolean {
    return this.#people.has(this.#personOf(id))
  }

  /** Law 4: all ids of a person, by any of them: the one that names it, then the others in the order of first sight. */
  idsOf(id: ExternalId): ExternalId[] {
    const person = this.#personOf(id)
    return [...this.#ids].filter((other) => this.#personOf(other) === person)
  }

  /** The population as it is seen at an instant. What is written later shows in it too. */
  at(asOf: number): ReferenceView {
    const { people, events, audiences, aliases, timeZone } = this
    return { people, events, audiences, aliases, timeZone, asOf }
  }

  /** The people of a rule, in the order of first sight. */
  ids(rule: RuleNode, asOf: number = this.asOf): ExternalId[] {
    return [...peopleOf(rule, this.at(asOf))]
  }

  /** Writes a row. Law 2: whoever is written to is seen by it, whatever is written. */
  put(id: ExternalId, row: WrittenRow): void {
    this.putMany([[id, row]])
  }

  /** Rows that are one change. */
  putMany(rows: readonly (readonly [ExternalId, WrittenRow])[]): void {
    this.#change++
    for (const [id, row] of rows) {
      const person = this.#see(id)
      for (const [name, written] of Object.entries(row)) {
        const column = name.normalize('NFC')
        this.#write(person, column, written, this.#schema.get(column)!)
      }
    }
  }

  /** Law 3: cleared from every column, event and list, with all ids. Who comes back is a new person, at the end. */
  remove(id: ExternalId): void {
    const gone = this.#personOf(id)
    for (const other of this.idsOf(gone)) this.#forgetId(other)
    this.#people.delete(gone)
    this.#events.delete(gone)
    for (const { versions } of this.#audiences.values()) for (const members of versions.values()) members.delete(gone)
  }

  /** Law 4: of the people of a group who was seen first stays, and the others become that one. */
  link(pairs: readonly ReferencePair[]): void {
    this.#change++
    for (const id of pairs.flat()) this.#ids.add(oneForm(id))
    for (const [name, ...others] of this.#groups(pairs)) {
      this.#see(name!)
      for (const column of this.#schema.keys()) this.#mergeColumn(column, [name!, ...others])
      for (const other of others) {
        if (this.#people.has(other)) this.#become(name!, other)
        for (const [alias, person] of this.#aliases) if (person === other) this.#aliases.set(alias, name!)
        this.#aliases.set(other, name!)
      }
    }
  }

  /** Law 4: an id that was new when it was linked can be taken off its person. */
  unlink(id: ExternalId): void {
    if (this.#aliases.has(oneForm(id))) this.#forgetId(oneForm(id))
  }

  /** Whether an id is nobody's, or can be taken off its person. */
  canUnlink(id: ExternalId): boolean {
    const given = oneForm(id)
    return !this.#ids.has(given) || (this.#aliases.has(given) && !this.#merged.has(given))
  }

  /** What a link would have to write to columns that add up. */
  mergedSums(pairs: readonly ReferencePair[]): readonly { readonly column: string; readonly sum: ReferenceDecimal }[] {
    const columns = [...this.#schema].filter(([, spec]) => spec.kind === 'number' && spec.merge === 'sum')
    return this.#groups(pairs).flatMap((group) =>
      columns.flatMap(([column, spec]) => {
        const values = this.#valuesOf(column, group)
        return values.length === 0 ? [] : [{ column, sum: mergedValue(values, spec).value as ReferenceDecimal }]
      }),
    )
  }

  /** A bulk write: for each person what a row would have done. Law 2 again: clearing is a write too. */
  changeMembers({ column: name, value, action, form, ids }: Omit<MembersChange, 'kind'>): void {
    this.#change++
    const column = name.normalize('NFC')
    const text = value?.normalize('NFC') ?? null
    const people = ids.map((id) => this.#personOf(id)).filter((id) => this.#isGiven(id, form))
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

  /** A bulk write of numbers or timestamps: for each person what a row would have done. */
  changeValues({ column: name, action, form, values }: Omit<ValuesChange, 'kind'>): void {
    this.#change++
    const column = name.normalize('NFC')
    const given = values.filter(([id]) => this.#isGiven(this.#personOf(id), form))
    if (action === 'replace') for (const person of this.#people.values()) person.delete(column)
    for (const [id, value] of given) this.#write(this.#see(id), column, value, this.#schema.get(column)!)
  }

  /** Something that a person did, who is seen by it (law 2), whether or not it is kept. */
  track(name: string, id: ExternalId, { at: written, eventId, ...properties }: WrittenEvent): void {
    this.#see(id)
    const event = name.normalize('NFC')
    const spec = this.#schema.get(event)
    if (spec?.kind !== 'event') throw new Error(`the reference has no event ${event}`)
    const at = instantOf(written, this.timeZone)
    // Law 13: an event with an id that was seen already among those of its kind is not counted again.
    const known = eventId === null || eventId === undefined ? null : oneForm(eventId)
    if (known !== null && this.#hasSeen(event, known)) return
    // As many whole local days as the event says are kept, today coming on top.
    const today = dayOf(this.asOf, this.timeZone)
    if (spec.retentionDays !== null && dayOf(at, this.timeZone) < today - spec.retentionDays) return
    const values: Values = new Map()
    for (const [property, value] of Object.entries(properties)) {
      this.#write(values, property.normalize('NFC'), value, spec.properties[property.normalize('NFC')]!)
    }
    const person = this.#personOf(id)
    this.#events.set(person, [...(this.#events.get(person) ?? []), { event, at, eventId: known, properties: values }])
  }

  /** Events of one kind, in order. Dense numbers are of people who are known before. */
  trackAll({ event, form, events }: Omit<TrackChange, 'kind'>): void {
    const given = events.filter(([id]) => form !== 'dense' || this.has(id))
    for (const [id, values] of given) this.track(event, id, values)
  }

  addColumn(column: string, spec: ColumnSpec): void {
    this.#schema.set(column.normalize('NFC'), spec.kind === 'event' ? { ...spec, properties: inNfc(spec) } : spec)
  }

  /** A column goes with its data, an event with all that was tracked. */
  dropColumn(name: string): void {
    const column = name.normalize('NFC')
    this.#schema.delete(column)
    for (const person of this.#people.values()) person.delete(column)
    for (const [id, events] of this.#events) {
      this.#events.set(
        id,
        events.filter(({ event }) => event !== column),
      )
    }
  }

  createAudience(name: string, rule: RuleNode, asOf: number = this.asOf): void {
    this.#audiences.set(name, { rule, versions: new Map([[1, peopleOf(rule, this.at(asOf))]]) })
  }

  /** Law 20: unknown ids are created only on request. */
  createList(name: string, ids: readonly ExternalId[], createUnknown: boolean): void {
    if (createUnknown) for (const id of ids) this.#see(id)
    this.#audiences.set(name, { rule: null, versions: new Map([[1, this.#known(ids)]]) })
  }

  /** Law 19: a rebuild makes a new version, of the people as of an instant. */
  rebuild(name: string, rule: RuleNode | null, asOf: number = this.asOf): void {
    const audience = this.#audiences.get(name)!
    audience.rule = rule ?? audience.rule
    audience.versions.set(audience.versions.size + 1, peopleOf(audience.rule!, this.at(asOf)))
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
        this.putMany(change.rows)
        break
      case 'remove':
        for (const id of change.ids) this.remove(id)
        break
      case 'link':
        this.link(change.pairs)
        break
      case 'unlink':
        this.unlink(change.id)
        break
      case 'members':
        this.changeMembers(change)
        break
      case 'values':
        this.changeValues(change)
        break
      case 'track':
        this.trackAll(change)
        break
      case 'addColumn':
        this.addColumn(change.column, change.spec)
        break
      case 'dropColumn':
        this.dropColumn(change.column)
        break
      case 'ruleAudience':
        this.createAudience(change.name, change.rule, change.asOf)
        break
      case 'listAudience':
        this.createList(change.name, change.ids, change.createUnknown)
        break
      case 'rebuild':
        this.rebuild(change.name, change.rule, change.asOf)
        break
      case 'list':
        this.changeList(change)
    }
  }

  #see(id: ExternalId): Values {
    const name = this.#personOf(id)
    const known = this.#people.get(name)
    if (known !== undefined) return known
    const person: Values = new Map()
    this.#people.set(name, person)
    this.#ids.add(name)
    return person
  }

  /** The id that names the person of an id. */
  #personOf(id: ExternalId): ExternalId {
    return this.#aliases.get(oneForm(id)) ?? oneForm(id)
  }

  #forgetId(id: ExternalId): void {
    this.#ids.delete(id)
    this.#aliases.delete(id)
    this.#merged.delete(id)
  }

  /** The people of pairs, and ids that are nobody's, in groups: each in the order of first sight. */
  #groups(pairs: readonly ReferencePair[]): readonly ExternalId[][] {
    const people = pairs.map(([a, b]): ReferencePair => [this.#personOf(a), this.#personOf(b)])
    return groupsOf(people, [...new Set([...this.#ids, ...people.flat()])])
  }

  #valuesOf(column: string, people: readonly ExternalId[]): WrittenAt[] {
    return people.flatMap((id) => {
      const values = this.#people.get(id)
      const value = values?.get(column)
      return value === undefined ? [] : [{ value, change: this.#writtenAt.get(values!)!.get(column)! }]
    })
  }

  #mergeColumn(column: string, people: readonly ExternalId[]): void {
    const values = this.#valuesOf(column, people)
    if (values.length === 0) return
    const { value, change } = mergedValue(values, this.#schema.get(column)!)
    this.#set(this.#people.get(people[0]!)!, column, value, change)
  }

  /** Somebody goes, and events and lists are another's. */
  #become(name: ExternalId, other: ExternalId): void {
    this.#merged.add(other)
    this.#people.delete(other)
    this.#events.set(name, [...(this.#events.get(name) ?? []), ...(this.#events.get(other) ?? [])])
    this.#events.delete(other)
    for (const { versions } of this.#audiences.values()) {
      for (const members of versions.values()) if (members.delete(other)) members.add(name)
    }
  }

  #set(values: Values, column: string, value: ReferenceValue, change: number = this.#change): void {
    values.set(column, value)
    const written = this.#writtenAt.get(values) ?? new Map<string, number>()
    this.#writtenAt.set(values, written.set(column, change))
  }

  #hasSeen(event: string, eventId: ReferenceEvent['eventId']): boolean {
    return [...this.#events.values()].some((events) =>
      events.some((other) => other.event === event && other.eventId === eventId),
    )
  }

  #known(ids: readonly ExternalId[]): Set<ExternalId> {
    return new Set(ids.map((id) => this.#personOf(id)).filter((id) => this.#people.has(id)))
  }

  /** Dense numbers are of people who are known already. */
  #isGiven(id: ExternalId, form: MembersChange['form']): boolean {
    return form === 'array' || form === 'iterable' || this.#people.has(id)
  }

  #write(values: Values, column: string, written: WrittenValue, spec: ColumnSpec): void {
    // Law 7: null and undefined clear, false clears a flag, and the empty text is a value.
    if (written === null || written === undefined || written === false) values.delete(column)
    else if (spec.kind === 'flag') this.#set(values, column, true)
    else if (spec.kind === 'number')
      this.#set(values, column, decimalOf(written as number | bigint | string)) // Law 9.
    else if (spec.kind === 'timestamp')
      this.#set(values, column, instantOf(written as Date | number | string, this.timeZone))
    else if (typeof written === 'string') this.#set(values, column, written.normalize('NFC'))
    else if (typeof written === 'object' && 'length' in written) {
      values.delete(column)
      for (const text of written) this.#give(values, column, text.normalize('NFC'))
    } else {
      const { add = [], remove = [] } = written as {
        readonly add?: readonly string[]
        readonly remove?: readonly string[]
      }
      // What is in both lists is there in the end.
      for (const text of remove) this.#take(values, column, text.normalize('NFC'))
      for (const text of add) this.#give(values, column, text.normalize('NFC'))
    }
  }

  /** Gives a flag (`null`), the value of a one-value category in the place of another, or one more of many. */
  #give(person: Values, column: string, text: string | null): void {
    const spec = this.#schema.get(column)!
    if (text === null) this.#set(person, column, true)
    else if (spec.kind === 'category' && spec.many)
      this.#set(person, column, new Set([...textsIn(person.get(column)), text]))
    else this.#set(person, column, text)
  }

  /** Takes a value from whoever has it, or whichever there is (`null`). Who has none left has nothing in the column. */
  #take(person: Values, column: string, text: string | null): void {
    const value = person.get(column)
    if (text === null || value === text) person.delete(column)
    else if (value instanceof Set) {
      const left = new Set([...textsIn(value)].filter((other) => other !== text))
      if (left.size === 0) person.delete(column)
      else this.#set(person, column, left)
    }
  }
}

function inNfc({ properties }: EventSpec): PropertiesSpec {
  return Object.fromEntries(Object.entries(properties).map(([property, spec]) => [property.normalize('NFC'), spec]))
}

function textsIn(value: ReferenceValue | undefined): Iterable<string> {
  return value instanceof Set ? (value as ReadonlySet<string>) : []
}

/** Law 1: `42` and `42n` are one id, `'42'` is another. */
function oneForm<Id extends ExternalId>(id: Id): Id | number {
  return typeof id === 'bigint' && id <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(id) : id
}
