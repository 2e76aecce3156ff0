import fc from 'fast-check'
import type {
  CategorySpec,
  Decimal,
  EventSpec,
  FlagSpec,
  Instant,
  MultiCategorySpec,
  NumberSpec,
  SchemaSpec,
  TimestampSpec,
  ValueColumnSpec,
} from '../index.ts'
import type { RuleNode } from '../rules/index.ts'
import { writtenDecimal } from './number-arbitrary.ts'
import type {
  ChangeKind,
  MemberForm,
  PopulationChange,
  TrackChange,
  WrittenEvent,
  WrittenRow,
  WrittenValue,
} from './population-change.ts'
import { asOfIn, defaultFrame, type TimeFrame, writtenInstant } from './time-arbitrary.ts'
import { anyActor, anyId, idAt, valueFor, wideTexts } from './value-arbitrary.ts'

/** Which changes `changeFor` makes. */
export interface ChangeOptions {
  /** Names of the audiences that there may be. @default none */
  readonly audiences?: readonly string[]
  /** Rules that audiences get when they change. */
  readonly rule?: fc.Arbitrary<RuleNode>
  /** Kinds of change to leave out. @default none */
  readonly leaveOut?: readonly ChangeKind[]
  /** What instants are about. @default 2026-11-20 in UTC */
  readonly frame?: TimeFrame
}

/**
 * Changes of a population of these columns: rows, removals, bulk writes in all forms, events, columns and audiences that change.
 * Some name columns or audiences that are not there at the moment: `changeFits` says so.
 */
export function changeFor(schema: SchemaSpec, options: ChangeOptions = {}): fc.Arbitrary<PopulationChange> {
  const { audiences = [], rule, leaveOut = [], frame = defaultFrame } = options
  const row = rowFor(schema, frame)
  const all: (fc.WeightedArbitrary<PopulationChange> & { readonly kind: ChangeKind })[] = [
    { kind: 'put', arbitrary: put(fc.array(fc.tuple(anyId, row), { minLength: 1, maxLength: 4 })), weight: 6 },
    { kind: 'remove', arbitrary: remove(), weight: 2 },
    { kind: 'link', arbitrary: link(), weight: 1.5 },
    { kind: 'unlink', arbitrary: anyId.map((id) => ({ kind: 'unlink', id })), weight: 0.5 },
  ]
  for (const [column, spec] of Object.entries(schema)) {
    if (spec.kind === 'event') all.push({ kind: 'track', arbitrary: trackOf(column, spec, frame), weight: 4 })
    else if (spec.kind === 'number' || spec.kind === 'timestamp')
      all.push({ kind: 'values', arbitrary: values(column, spec, frame), weight: 2 })
    else all.push({ kind: 'members', arbitrary: members(column, spec), weight: 2 })
    if (spec.kind === 'category' && spec.values === null)
      all.push({ kind: 'put', arbitrary: wide(column, spec.many), weight: 0.25 })
    all.push({ kind: 'addColumn', arbitrary: fc.constant({ kind: 'addColumn', column, spec }), weight: 0.5 })
    all.push({ kind: 'dropColumn', arbitrary: fc.constant({ kind: 'dropColumn', column }), weight: 0.25 })
  }
  if (audiences.length > 0) {
    const name = fc.constantFrom(...audiences)
    all.push({ kind: 'list', arbitrary: list(name), weight: 2 })
    if (rule !== undefined) all.push({ kind: 'rebuild', arbitrary: rebuild(name, rule, frame), weight: 2 })
  }
  return fc.oneof(
    ...all
      .filter(({ kind }) => !leaveOut.includes(kind))
      .map(({ arbitrary, weight }) => ({ arbitrary, weight: Math.round(weight * 4) })),
  )
}

/** A row: any of the columns, written or cleared in any way. */
export function rowFor(schema: SchemaSpec, frame: TimeFrame = defaultFrame): fc.Arbitrary<WrittenRow> {
  const columns = Object.entries(schema).flatMap(([column, spec]) =>
    spec.kind === 'event' ? [] : [[column, writtenTo(spec, frame)] as const],
  )
  return fc.record(Object.fromEntries(columns), { requiredKeys: [] }) as fc.Arbitrary<WrittenRow>
}

/** Events of one kind, one or several, with any of their properties, some with an id that others have. */
export function trackOf(
  event: string,
  { properties }: EventSpec,
  frame: TimeFrame = defaultFrame,
): fc.Arbitrary<TrackChange> {
  const written = Object.entries(properties).map(([property, spec]) => [property, writtenTo(spec, frame)] as const)
  // Some come again; 7 and '7' are two.
  const eventId = fc.oneof(
    fc.nat(300).map((number) => `o${number}`),
    fc.constantFrom('o1', 'o2', 7, '7', 8n, 2n ** 60n, null, undefined),
  )
  const one = fc
    .tuple(
      fc.record({ at: writtenInstant(frame) }),
      fc.record({ eventId }, { requiredKeys: [] }),
      fc.record(Object.fromEntries(written), { requiredKeys: [] }),
    )
    .map((parts) => Object.assign({}, ...parts) as WrittenEvent)
  return fc.record({
    kind: fc.constant('track' as const),
    event: fc.constant(event),
    form: fc.constantFrom('one' as const, 'rows' as const, 'columns' as const, 'dense' as const),
    events: fc.array(fc.tuple(anyActor, one), { minLength: 1, maxLength: 10 }),
  })
}

function writtenTo(spec: ValueColumnSpec, frame: TimeFrame): fc.Arbitrary<WrittenValue> {
  const cleared = { arbitrary: fc.constantFrom<WrittenValue>(null, undefined), weight: 1 }
  if (spec.kind === 'flag') return fc.oneof({ arbitrary: fc.constantFrom(true, true, true, false), weight: 5 }, cleared)
  if (spec.kind === 'number' || spec.kind === 'timestamp')
    return fc.oneof({ arbitrary: writtenValue(spec, frame), weight: 6 }, cleared)
  const value = valueFor(spec)
  if (!spec.many) return fc.oneof({ arbitrary: value, weight: 6 }, cleared)
  const texts = fc.array(value, { maxLength: 4 })
  const edit = fc.record({ add: texts, remove: texts }, { requiredKeys: [] })
  return fc.oneof({ arbitrary: texts, weight: 5 }, { arbitrary: edit, weight: 3 }, cleared)
}

function writtenValue(spec: NumberSpec | TimestampSpec, frame: TimeFrame): fc.Arbitrary<Decimal | Instant> {
  return spec.kind === 'number' ? writtenDecimal(spec) : writtenInstant(frame)
}

function put(rows: fc.Arbitrary<(readonly [ReturnType<typeof idAt>, WrittenRow])[]>): fc.Arbitrary<PopulationChange> {
  return rows.map((written) => ({ kind: 'put', rows: written }))
}

/** Many people, each with another value of one column. */
function wide(column: string, many: boolean): fc.Arbitrary<PopulationChange> {
  return put(
    fc
      .tuple(fc.integer({ min: 1, max: wideTexts }), fc.nat(59))
      .map(([count, from]) =>
        Array.from({ length: count }, (_, at) => [idAt((from + at) % 60), { [column]: many ? [`v${at}`] : `v${at}` }]),
      ),
  )
}

/** A few people, or so many that they are removed another way. */
function remove(): fc.Arbitrary<PopulationChange> {
  return fc
    .oneof(
      { arbitrary: fc.array(anyId, { minLength: 1, maxLength: 3 }), weight: 4 },
      { arbitrary: fc.array(anyId, { minLength: 20, maxLength: 50 }), weight: 1 },
    )
    .map((ids) => ({ kind: 'remove', ids }))
}

/** A pair, or several at once, some of which make chains and rings; a few of them ids that nobody else has. */
function link(): fc.Arbitrary<PopulationChange> {
  const id = fc.oneof({ arbitrary: anyId, weight: 4 }, { arbitrary: fc.nat(59).map(idAt), weight: 2 })
  const pair = fc.tuple(id, id)
  return fc
    .oneof(
      { arbitrary: pair.map((one) => [one]), weight: 3 },
      { arbitrary: fc.array(pair, { minLength: 2, maxLength: 6 }), weight: 1 },
    )
    .map((pairs) => ({ kind: 'link', pairs }))
}

function members(column: string, spec: FlagSpec | CategorySpec | MultiCategorySpec): fc.Arbitrary<PopulationChange> {
  const value = spec.kind === 'flag' ? fc.constant(null) : valueFor(spec)
  const action = fc.constantFrom('replace' as const, 'add' as const, 'clear' as const)
  const form = fc.constantFrom<MemberForm>('array', 'iterable', 'dense', 'bytes')
  const ids = fc.array(anyId, { maxLength: 24 })
  const one = fc.record({
    kind: fc.constant('members' as const),
    column: fc.constant(column),
    value,
    action,
    form,
    ids,
  })
  if (spec.kind === 'flag') return one
  return fc.oneof(
    { arbitrary: one, weight: 6 },
    { arbitrary: one.map((all) => ({ ...all, action: 'clear' as const, value: null })), weight: 1 },
  )
}

/** Values of several people, some of them twice; the order matters then. */
function values(column: string, spec: NumberSpec | TimestampSpec, frame: TimeFrame): fc.Arbitrary<PopulationChange> {
  const form = fc.constantFrom<MemberForm>('array', 'dense')
  const given = fc.array(fc.tuple(anyId, writtenValue(spec, frame)), { maxLength: 24 })
  const taken = fc.array(fc.tuple(anyId, fc.constant(null)), { maxLength: 12 })
  const change = { kind: fc.constant('values' as const), column: fc.constant(column) }
  return fc.oneof(
    {
      arbitrary: fc.record({
        ...change,
        action: fc.constantFrom('set' as const, 'replace' as const),
        form,
        values: given,
      }),
      weight: 4,
    },
    {
      arbitrary: fc.record({
        ...change,
        action: fc.constant('clear' as const),
        form: fc.constantFrom<MemberForm>('array', 'iterable', 'dense', 'bytes'),
        values: taken,
      }),
      weight: 1,
    },
  )
}

function list(name: fc.Arbitrary<string>): fc.Arbitrary<PopulationChange> {
  return fc.record({
    kind: fc.constant('list' as const),
    name,
    action: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
    ids: fc.array(anyId, { maxLength: 12 }),
  })
}

function rebuild(
  name: fc.Arbitrary<string>,
  rule: fc.Arbitrary<RuleNode>,
  frame: TimeFrame,
): fc.Arbitrary<PopulationChange> {
  return fc.record({
    kind: fc.constant('rebuild' as const),
    name,
    rule: fc.oneof({ arbitrary: fc.constant(null), weight: 3 }, { arbitrary: rule, weight: 1 }),
    asOf: asOfIn(frame),
  })
}
