import { type Duration, type EventNode, type EventTerm, eventTerms, type RuleNode } from './ast.ts'

/**
 * Places in a rule, as paths in its JSON form: `$.and[1].in[0]`. The reader of JSON, the parser of text and validation
 * all name places through these functions, so a fault carries the same path wherever the rule came from.
 *
 * The form is the one that `ruleToJson` gives. A group of one part, which JSON and the builder accept, is the part itself
 * in the rule, so it has no step of its own.
 */

/**
 * What a node holds beside the rules inside it, by its name in the tree. `property` is also what the tag of a test is
 * called inside the filter of an event; `from`, `to` and `value` of a behaviour are those of its test.
 */
export type RulePart =
  | 'tag'
  | 'property'
  | 'value'
  | 'from'
  | 'to'
  | 'values'
  | 'text'
  | 'pattern'
  | 'window'
  | 'name'
  | 'version'
  | 'k'
  | 'test'
  | 'measure'
  | 'steps'
  | 'absence'
  | 'same'
  | 'earlier'
  | 'gap'
  | 'later'
  | 'times'
  | 'periods'
  | 'of'
  | 'unit'
  | 'weekStart'

/** What a window holds. */
export type WindowPart = 'count' | 'unit' | 'includeCurrent' | 'ago' | 'weekStart' | 'from' | 'to'

/**
 * The path of the rule that stands at `index` among `childRules(parent)`.
 *
 * @example `childPath(and([a, b]), '$', 1)` is `$.and[1]`; of a `not` it is `$.not`, of an `atLeast` `$.of[1]`.
 */
export function childPath(parent: RuleNode, path: string, index: number): string {
  switch (parent.kind) {
    case 'not':
      return `${path}.not`
    case 'atLeast':
      return `${path}.of[${index}]`
    default:
      return `${path}.${parent.kind}[${index}]`
  }
}

/**
 * The path of a part of the node at `path`; with `index`, of that item of its `values`.
 *
 * @example `partPath('$', value('eq', 'cityTier', 'T1'), 'value')` is `$.eq`.
 */
export function partPath(path: string, node: RuleNode, part: RulePart, index?: number): string {
  const step = stepOf(node, part)
  return index === undefined ? `${path}.${step}` : `${path}.${step}[${index}]`
}

/**
 * The path of a part of the window at `path`, which is `partPath(…, 'window')`, or `'earlier'`, `'gap'`, `'later'`.
 *
 * @example `windowPath('$.window', 'count')` is `$.window.last`.
 */
export function windowPath(path: string, part: WindowPart): string {
  return `${path}.${part === 'count' ? 'last' : part}`
}

/** The path of the number of the duration at `path`: `$.absence.within.hours`. */
export function durationPath(path: string, duration: Duration): string {
  return `${path}.${duration.unit}`
}

/** The paths of one term of an event node. */
export interface TermPath {
  /** Of the whole of it: `$.did`, `$.did[1]`, `$.sequence[0]`, `$.sequence[1].without[0]`, `$.absence.events[0]`. */
  readonly term: string
  /** Of the name of its event: `$.did`, or `$.did.event` where the term is an object. */
  readonly event: string
  /** Of its filter, a rule about properties. */
  readonly where: string
  readonly property: string
  /** Of its sign, where that is -1. */
  readonly minus: string
}

/**
 * The paths of the terms of the event node at `path`, one for each of `eventTerms(node)`, in that order.
 *
 * @example for `{ did: 'purchase', where: … }` the one term has its event at `$.did` and its filter at `$.where`.
 */
export function termPaths(node: EventNode, path: string): readonly TermPath[] {
  switch (node.kind) {
    case 'behaviour': {
      const [only] = node.events
      if (only !== undefined && node.events.length === 1 && standsAlone(node.kind, only)) return [bare(path, 'did')]
      if (node.events.length === 1) return [inObject(`${path}.did`)]
      return node.events.map((_, index) => inObject(`${path}.did[${index}]`))
    }
    case 'sequence':
      return [
        ...node.steps.flatMap((step, index) => {
          const at = stepPath(path, index)
          return [...step.without.map((_, other) => inObject(`${at}.without[${other}]`)), inObject(at)]
        }),
        ...(node.absence?.events ?? []).map((_, index) => inObject(`${path}.absence.events[${index}]`)),
      ]
    default:
      return [standsAlone(node.kind, node.event) ? bare(path, node.kind) : inObject(`${path}.${node.kind}`)]
  }
}

/** The path of a step of the sequence at `path`; its longest gap is at `.within`. */
export function stepPath(path: string, index: number): string {
  return `${path}.sequence[${index}]`
}

/**
 * Whether JSON writes a term that is the only one of its node as the name of its event, with filter and property beside
 * it. Another is an object of its own.
 */
export function standsAlone(kind: EventNode['kind'], term: EventTerm): boolean {
  return term.sign === 1 && (kind === 'behaviour' || term.property === null)
}

/** A rule about one event, inside an event node. */
export interface PlacedFilter {
  readonly rule: RuleNode
  readonly path: string
}

/**
 * The rules about single events in the event node at `path`: the filters of its terms in the order of `eventTerms`, then
 * the test of a first or last event.
 */
export function filtersOf(node: EventNode, path: string): readonly PlacedFilter[] {
  const filters: PlacedFilter[] = []
  const paths = termPaths(node, path)
  eventTerms(node).forEach(({ where }, index) => {
    if (where !== null) filters.push({ rule: where, path: paths[index]!.where })
  })
  if ((node.kind === 'first' || node.kind === 'last') && node.test !== null) {
    filters.push({ rule: node.test, path: partPath(path, node, 'test') })
  }
  return filters
}

/**
 * The key under which the places of a text keep the operator of the condition at `path` (`has any`, `=`). In JSON it is
 * the same place as its operand, in text it is not, so this is a key for looking up, not a JSON path.
 */
export function operatorPlace(path: string): string {
  return `${path} operator`
}

/** The path of any key of the object at `path`: `$.and`, or `$["a key"]` where it is not a plain word. */
export function keyPath(path: string, key: string): string {
  if (plainKey.test(key)) return `${path}.${key}`
  return `${path}[${JSON.stringify(key.length > longestKey ? `${key.slice(0, longestKey)}…` : key)}]`
}

const plainKey = /^[A-Za-z_$][\w$]{0,63}$/
const longestKey = 64

function bare(path: string, key: string): TermPath {
  return {
    term: `${path}.${key}`,
    event: `${path}.${key}`,
    where: `${path}.where`,
    property: `${path}.property`,
    minus: `${path}.minus`,
  }
}

function inObject(term: string): TermPath {
  return {
    term,
    event: `${term}.event`,
    where: `${term}.where`,
    property: `${term}.property`,
    minus: `${term}.minus`,
  }
}

function stepOf(node: RuleNode, part: RulePart): string {
  switch (part) {
    case 'name':
      return 'audience'
    case 'k':
      return 'atLeast'
    case 'steps':
      return 'sequence'
    case 'window':
      return node.kind === 'within' ? 'within' : 'window'
    case 'value':
      return node.kind === 'behaviour' ? node.test.op : node.kind
    case 'from':
      return 'between[0]'
    case 'to':
      return 'between[1]'
    case 'values':
    case 'text':
    case 'pattern':
      return node.kind
    default:
      return part
  }
}
