import { CrowdbitError } from '../base/crowdbit-error.ts'
import { show } from '../base/show.ts'
import type { Dataset } from '../dataset/dataset.ts'
import type { ValueColumnSpec } from '../schema/column-spec.ts'
import { CategoryCell } from './category-cell.ts'
import type {
  CategoryMapping,
  EmptyText,
  FlagMapping,
  MultiCategoryMapping,
  NumberMapping,
  TimestampMapping,
} from './column-mapping.ts'
import { FlagCell } from './flag-cell.ts'
import { IdCell } from './id-cell.ts'
import { checkEmpty, type IngestSettings, invalid } from './ingest-options.ts'
import type { MappingTarget } from './mapping-target.ts'
import { MultiCategoryCell } from './multi-category-cell.ts'
import { NumberCell } from './number-cell.ts'
import { TagCell } from './tag-cell.ts'
import { TimestampCell } from './timestamp-cell.ts'
import type { ValueCell } from './value-cell.ts'

type AnyMapping = FlagMapping & CategoryMapping & MultiCategoryMapping & NumberMapping & TimestampMapping

/** Which column of the source goes where. Names of source columns are in NFC. */
export class Mapping {
  readonly id: IdCell
  readonly tag: TagCell | null
  readonly #given: ReadonlyMap<string, ValueCell> | null
  readonly #target: MappingTarget
  readonly #empty: EmptyText

  /**
   * @param empty what an empty text means where no option says it
   * @throws INGEST_MAPPING for a column that the target doesn't have, or that two columns would be written to; OPTION_INVALID
   */
  constructor(dataset: Dataset, target: MappingTarget, settings: IngestSettings, empty: EmptyText) {
    this.#target = target
    this.#empty = settings.empty ?? empty
    this.id = new IdCell(settings.id, settings.idType, dataset)
    this.tag = settings.tag === null ? null : new TagCell(settings.tag, settings.createTags, dataset)
    this.#given = settings.columns === null ? null : this.#cellsOf(Object.entries(settings.columns))
  }

  /** The columns of the source that the options name: each has to be there. */
  get needed(): readonly string[] {
    const names = [this.id.source, ...this.own.map(({ source }) => source), ...(this.#given?.keys() ?? [])]
    return this.tag === null ? names : [...names, this.tag.source]
  }

  /** Cells beside those of the columns: the time and the id of an event. */
  get own(): readonly ValueCell[] {
    return this.#target.own
  }

  /** Where a column of the source is written to; `null` where it is ignored, or is the id, the tag or an own cell only. */
  cellOf(source: string): ValueCell | null {
    if (this.#given !== null) return this.#given.get(source) ?? null
    const spec = this.#isOther(source) ? this.#target.specOf(source) : undefined
    return spec === undefined ? null : this.#cell(source, source, spec, { to: source })
  }

  /** Whether nothing is made of a column of the source. */
  ignores(source: string): boolean {
    return this.#isOther(source) && this.cellOf(source) === null
  }

  #isOther(source: string): boolean {
    const isOwn = this.own.some((cell) => cell.source === source)
    return source !== this.id.source && source !== this.tag?.source && !isOwn
  }

  #cellsOf(entries: readonly (readonly [string, unknown])[]): ReadonlyMap<string, ValueCell> {
    const cells = new Map<string, ValueCell>()
    const sources = new Map<string, string>()
    for (const [name, given] of entries) {
      const source = name.normalize('NFC')
      const mapping = (typeof given === 'string' ? { to: given } : given) as AnyMapping
      if (typeof mapping !== 'object' || mapping === null || typeof mapping.to !== 'string') {
        throw invalid(`the mapping of ${show(name)}`, given, 'the name of a column of the schema, or { to }')
      }
      const to = mapping.to.normalize('NFC')
      const spec = this.#target.specOf(to)
      if (spec === undefined) throw this.#target.unknown(source, mapping.to)
      const cell = this.#cell(source, to, spec, mapping)
      const other = sources.get(cell.to)
      if (other !== undefined || cells.has(source)) throw twice(cell.to, other ?? source, source)
      sources.set(cell.to, source)
      cells.set(source, cell)
    }
    return cells
  }

  #cell(source: string, to: string, spec: ValueColumnSpec, mapping: AnyMapping): ValueCell {
    const { empty = this.#empty } = mapping
    checkEmpty(empty)
    const normal = { ...mapping, to }
    switch (spec.kind) {
      case 'flag':
        return new FlagCell(source, normal, empty)
      case 'number':
        return new NumberCell(source, normal, empty)
      case 'timestamp':
        return new TimestampCell(source, normal, empty)
      case 'category':
        return spec.many ? new MultiCategoryCell(source, normal, empty) : new CategoryCell(source, normal, empty)
    }
  }
}

/** The error for two columns of the source that would be written to one. */
export function twice(to: string, first: string, second: string): CrowdbitError {
  const which = first === second ? `the source has two columns ${show(first)}` : `${show(first)} and ${show(second)}`
  return new CrowdbitError(
    'INGEST_MAPPING',
    `${which}: only one of them can be written to ${show(to)}; say which with the option columns`,
    { to, sources: [first, second] },
  )
}
