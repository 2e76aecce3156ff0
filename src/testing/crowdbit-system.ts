import {
  type CategoryWriter,
  createEngine,
  type Engine,
  type ExternalId,
  type FlagWriter,
  type Members,
  type PreparedRule,
  type Row,
  Rule,
  type SchemaSpec,
} from '../index.ts'
import type {
  ListAudienceChange,
  ListChange,
  MembersChange,
  RebuildChange,
  RuleAudienceChange,
  WrittenRow,
} from './population-change.ts'
import { portableBytesOf } from './portable-bytes.ts'
import type { SegmentationSystem } from './segmentation-system.ts'

/** Every size is accepted: what is tested is who the members are. */
const anySize = { min: 0, max: 0xffff_ffff }

/**
 * crowdbit itself as a system under test.
 *
 * @example
 * ```ts
 * await checkAgainstReference({ create: (schema) => new CrowdbitSystem(schema) }, { runs: 100 })
 * ```
 */
export class CrowdbitSystem implements SegmentationSystem {
  readonly inOrderOfFirstSight = true
  /** The engine that is driven. */
  readonly engine: Engine<SchemaSpec>
  readonly #prepared = new WeakMap<Rule, PreparedRule>()

  /** @param engine one that exists already. @default a new one of the schema */
  constructor(schema: SchemaSpec, engine: Engine<SchemaSpec> = createEngine({ schema })) {
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

  changeMembers({ column, value, action, form, ids }: MembersChange): void {
    const members = this.#members(form, ids)
    const writer = this.engine.tags[column] as FlagWriter | CategoryWriter<string>
    if (!('clearAll' in writer)) writer[action](members)
    else if (value === null) writer.clearAll(members)
    else writer[action](value, members)
  }

  addColumn(column: string, spec: SchemaSpec[string]): void {
    this.engine.addColumn(column, spec)
  }

  dropColumn(column: string): void {
    this.engine.dropColumn(column)
  }

  createAudience({ name, rule }: RuleAudienceChange): void {
    this.engine.audiences.create({ name, rule: Rule.of(rule), bounds: anySize })
  }

  createList({ name, ids, createUnknown }: ListAudienceChange): void {
    this.engine.audiences.createList({ name, members: ids, createUnknown, bounds: anySize })
  }

  rebuild({ name, rule }: RebuildChange): void {
    const audience = this.engine.audiences.get(name)
    if (rule === null) audience.rebuild()
    else audience.update({ rule: Rule.of(rule) })
  }

  changeList({ name, action, ids }: ListChange): void {
    this.engine.audiences.get(name)[action](ids)
  }

  count(rule: Rule): number {
    return this.engine.count(rule)
  }

  ids(rule: Rule): ExternalId[] {
    const people = this.engine.select(rule)
    try {
      return [...people.ids()]
    } finally {
      people.release()
    }
  }

  matches(id: ExternalId, rule: Rule): boolean {
    const known = this.#prepared.get(rule)
    if (known !== undefined) return known.matches(id)
    const prepared = this.engine.prepare(rule)
    this.#prepared.set(rule, prepared)
    return prepared.matches(id)
  }

  #members(form: MembersChange['form'], ids: readonly ExternalId[]): Members {
    if (form === 'array') return ids
    if (form === 'iterable') return new Set(ids)
    const numbers = ids.map((id) => this.engine.denseOf(id)).filter((number) => number !== undefined)
    return form === 'dense' ? Uint32Array.from(numbers) : portableBytesOf(numbers)
  }
}
