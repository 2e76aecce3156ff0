import {
  type CategoryWriter,
  createEngine,
  type Decimal,
  type Engine,
  type ExternalId,
  type FlagWriter,
  type Members,
  type Millis,
  type NumberWriter,
  type PreparedRule,
  type Row,
  Rule,
  type SchemaSpec,
} from '../index.ts'
import { eventColumnsOf } from './event-columns.ts'
import type {
  ListAudienceChange,
  ListChange,
  MembersChange,
  RebuildChange,
  RuleAudienceChange,
  SystemSettings,
  TrackChange,
  ValuesChange,
  WrittenRow,
} from './population-change.ts'
import { portableBytesOf } from './portable-bytes.ts'
import type { Question, SegmentationSystem } from './segmentation-system.ts'

/** Every size is accepted: what is tested is who the members are. */
const anySize = { min: 0, max: 0xffff_ffff }

/**
 * crowdbit itself as a system under test.
 *
 * @example
 * ```ts
 * await checkAgainstReference({ create: (schema, settings) => new CrowdbitSystem(schema, settings) }, { runs: 100 })
 * ```
 */
export class CrowdbitSystem implements SegmentationSystem {
  readonly inOrderOfFirstSight = true
  /** The engine that is driven. */
  readonly engine: Engine<SchemaSpec>
  readonly #prepared = new WeakMap<Rule, PreparedRule>()

  /**
   * @param settings zone and clock of a new engine.
   * @param engine one that exists already. @default a new one of the schema
   */
  constructor(
    schema: SchemaSpec,
    settings: Partial<SystemSettings> = {},
    engine: Engine<SchemaSpec> = engineOf(schema, settings),
  ) {
    this.engine = engine
  }

  put(id: ExternalId, row: WrittenRow): void {
    this.engine.put(id, row as Row<SchemaSpec>)
  }

  putMany(rows: readonly (readonly [ExternalId, WrittenRow])[]): void {
    this.engine.putMany(rows as readonly (readonly [ExternalId, Row<SchemaSpec>])[])
  }

  remove(ids: readonly ExternalId[]): void {
    if (ids.length === 1) this.engine.remove(ids[0]!)
    else this.engine.removeMany(ids)
  }

  link(pairs: readonly (readonly [ExternalId, ExternalId])[]): void {
    if (pairs.length === 1) this.engine.link(...pairs[0]!)
    else this.engine.linkMany(pairs)
  }

  unlink(id: ExternalId): void {
    this.engine.unlink(id)
  }

  changeMembers({ column, value, action, form, ids }: MembersChange): void {
    const members = this.#members(form, ids)
    const writer = this.engine.tags[column] as FlagWriter | CategoryWriter<string>
    if (!('clearAll' in writer)) writer[action](members)
    else if (value === null) writer.clearAll(members)
    else writer[action](value, members)
  }

  changeValues({ column, action, form, values }: ValuesChange): void {
    const writer = this.engine.tags[column] as unknown as NumberWriter
    const ids = values.map(([id]) => id)
    if (action === 'clear') {
      writer.clear(this.#members(form, ids))
      return
    }
    // Dense numbers are of people who are known: the values of the others go with them.
    const known = form === 'array' ? values : values.filter(([id]) => this.engine.has(id))
    const members = this.#members(
      form,
      known.map(([id]) => id),
    )
    writer[action](
      members,
      known.map(([, value]) => value as Decimal),
    )
  }

  track({ event, form, events }: TrackChange): void {
    if (form === 'one') for (const [id, values] of events) this.engine.track(id, event as never, values as never)
    else if (form === 'rows') this.engine.trackMany(event as never, events as never)
    else {
      const given = form === 'columns' ? events : events.filter(([id]) => this.engine.has(id))
      const ids = given.map(([id]) => id)
      const people = form === 'columns' ? { ids } : { dense: Uint32Array.from(ids, (id) => this.engine.denseOf(id)!) }
      this.engine.trackColumns(event as never, { ...people, ...eventColumnsOf(given) } as never)
    }
  }

  addColumn(column: string, spec: SchemaSpec[string]): void {
    this.engine.addColumn(column, spec)
  }

  dropColumn(column: string): void {
    this.engine.dropColumn(column)
  }

  createAudience({ name, rule, asOf }: RuleAudienceChange): void {
    this.engine.audiences.create({ name, rule: Rule.of(rule), bounds: anySize, asOf })
  }

  createList({ name, ids, createUnknown }: ListAudienceChange): void {
    this.engine.audiences.createList({ name, members: ids, createUnknown, bounds: anySize })
  }

  rebuild({ name, rule, asOf }: RebuildChange): void {
    const audience = this.engine.audiences.get(name)
    if (rule === null) audience.rebuild({ asOf })
    else audience.update({ rule: Rule.of(rule), asOf })
  }

  changeList({ name, action, ids }: ListChange): void {
    this.engine.audiences.get(name)[action](ids)
  }

  count(rule: Rule, question: Partial<Question> = {}): number {
    return this.engine.count(rule, question)
  }

  ids(rule: Rule, question: Partial<Question> = {}): ExternalId[] {
    const people = this.engine.select(rule, question)
    try {
      return [...people.ids()]
    } finally {
      people.release()
    }
  }

  matches(id: ExternalId, rule: Rule, question: Partial<Question> = {}): boolean {
    const prepared = this.#prepared.get(rule) ?? this.engine.prepare(rule)
    this.#prepared.set(rule, prepared)
    return prepared.matches(id, question)
  }

  #members(form: MembersChange['form'], ids: readonly ExternalId[]): Members {
    if (form === 'array') return ids
    if (form === 'iterable') return new Set(ids)
    const numbers = ids.map((id) => this.engine.denseOf(id)).filter((number) => number !== undefined)
    return form === 'dense' ? Uint32Array.from(numbers) : portableBytesOf(numbers)
  }
}

function engineOf(schema: SchemaSpec, { timeZone = 'UTC', now }: Partial<SystemSettings>): Engine<SchemaSpec> {
  return now === undefined
    ? createEngine({ schema, timeZone })
    : createEngine({ schema, timeZone, clock: { now: () => now as Millis } })
}
