import type { ColumnSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import {
  childRules,
  type EventNode,
  type EventTerm,
  eventTerms,
  isEventNode,
  isParameter,
  type ListNode,
  type RuleNode,
  type Slot,
  type Window,
} from './ast.ts'
import { childPath, durationPath, partPath, type RulePart, stepPath, termPaths, windowPath } from './rule-path.ts'
import { propertyOf } from './validate-filter.ts'

/** The types of parameters. */
export type SlotType =
  | 'text'
  | 'texts'
  | 'number'
  | 'numbers'
  | 'integer'
  | 'moment'
  | 'tag'
  | 'audience'
  | 'event'
  | 'property'

/** One place of a rule in which a parameter stands. */
export interface ParameterUse {
  readonly name: string
  /** The types of parameters that can stand there: several for a number, and beside a name that is a parameter itself. */
  readonly fits: readonly SlotType[]
  readonly path: string
}

/**
 * Every place of a rule in which a parameter stands, in order. The rule must have passed `measureRule`.
 *
 * @param schema says what a constant beside a name has to be
 */
export function parameterUses(root: RuleNode, schema: Schema): readonly ParameterUse[] {
  const finder = new UseFinder(schema)
  finder.visit(root, '$', null)
  return finder.uses
}

/** How names inside a filter are looked up; `null` for the rules about people, where they are tags. */
type LookUp = ((property: string) => ColumnSpec | undefined) | null

const number: readonly SlotType[] = ['number', 'integer']
const whole: readonly SlotType[] = ['integer']

class UseFinder {
  readonly uses: ParameterUse[] = []
  readonly #schema: Schema

  constructor(schema: Schema) {
    this.#schema = schema
  }

  visit(node: RuleNode, path: string, lookUp: LookUp): void {
    if ('tag' in node) this.#test(node, path, lookUp)
    else if (isEventNode(node)) this.#event(node, path)
    else if (node.kind === 'audience') this.#note(node.name, ['audience'], partPath(path, node, 'name'))
    else if (node.kind === 'atLeast') this.#note(node.k, whole, partPath(path, node, 'k'))
    childRules(node).forEach((child, index) => {
      this.visit(child, childPath(node, path, index), lookUp)
    })
  }

  #test(node: RuleNode & { readonly tag: Slot<string> }, path: string, lookUp: LookUp): void {
    const { tag } = node
    const noun = lookUp === null ? 'tag' : 'property'
    const place = (part: RulePart): string => partPath(path, node, part)
    this.#note(tag, [noun], place(noun))
    const spec = isParameter(tag) ? undefined : lookUp === null ? this.#schema.get(tag) : lookUp(tag)
    switch (node.kind) {
      case 'eq':
      case 'ne':
      case 'lt':
      case 'lte':
      case 'gt':
      case 'gte':
        this.#note(node.value, constantTypes(spec), place('value'))
        break
      case 'between':
        this.#note(node.from, constantTypes(spec), place('from'))
        this.#note(node.to, constantTypes(spec), place('to'))
        break
      case 'within':
        this.#window(node.window, place('window'))
        break
      case 'in':
      case 'notIn':
        this.#list(node, path, constantTypes(spec), listTypes(spec))
        break
      case 'hasAny':
      case 'hasAll':
      case 'hasNone':
        this.#list(node, path, ['text'], ['texts'])
        break
      case 'startsWith':
      case 'contains':
        this.#note(node.text, ['text'], place('text'))
        break
      case 'matches':
        this.#note(node.pattern, ['text'], place('pattern'))
        break
      default:
    }
  }

  #list(node: ListNode, path: string, one: readonly SlotType[], all: readonly SlotType[]): void {
    if (isParameter(node.values)) this.#note(node.values, all, partPath(path, node, 'values'))
    else {
      node.values.forEach((value, index) => {
        if (isParameter(value)) this.#note(value, one, partPath(path, node, 'values', index))
      })
    }
  }

  #event(node: EventNode, path: string): void {
    const place = (part: RulePart): string => partPath(path, node, part)
    const paths = termPaths(node, path)
    const terms = eventTerms(node)
    terms.forEach((term, index) => {
      const { event, where, property } = paths[index]!
      this.#note(term.event, ['event'], event)
      if (term.where !== null) this.visit(term.where, where, this.#propertiesOf(term))
      this.#note(term.property, ['property'], property)
    })
    switch (node.kind) {
      case 'behaviour':
        this.#window(node.window, place('window'))
        if (node.test.op === 'between') {
          this.#note(node.test.from, number, place('from'))
          this.#note(node.test.to, number, place('to'))
        } else this.#note(node.test.value, number, place('value'))
        break
      case 'first':
      case 'last':
        if (node.test !== null) this.visit(node.test, place('test'), this.#propertiesOf(node.event))
        this.#window(node.window, place('window'))
        break
      case 'sequence':
        node.steps.forEach(({ within }, index) => {
          if (within !== null) this.#note(within.count, whole, durationPath(`${stepPath(path, index)}.within`, within))
        })
        if (node.absence !== null) {
          const { within } = node.absence
          this.#note(within.count, whole, durationPath(`${place('absence')}.within`, within))
        }
        this.#note(node.same, ['property'], place('same'))
        this.#window(node.window, place('window'))
        break
      case 'stopped':
        this.#window(node.earlier, place('earlier'))
        this.#window(node.later, place('later'))
        break
      case 'resumed':
        this.#window(node.earlier, place('earlier'))
        this.#window(node.gap, place('gap'))
        this.#window(node.later, place('later'))
        break
      case 'new':
        this.#window(node.window, place('window'))
        break
      case 'regular':
        this.#note(node.times, whole, place('times'))
        this.#note(node.periods, whole, place('periods'))
        this.#note(node.of, whole, place('of'))
        break
    }
  }

  #window(window: Window, path: string): void {
    if (window.kind === 'last') {
      this.#note(window.count, whole, windowPath(path, 'count'))
      this.#note(window.ago, whole, windowPath(path, 'ago'))
    } else if (window.kind === 'range') {
      this.#note(window.from, ['moment'], windowPath(path, 'from'))
      this.#note(window.to, ['moment'], windowPath(path, 'to'))
    }
  }

  #propertiesOf({ event }: EventTerm): LookUp {
    const spec = isParameter(event) ? undefined : this.#schema.get(event)
    return (property) => (spec?.kind === 'event' ? propertyOf(spec, property) : undefined)
  }

  #note(slot: unknown, fits: readonly SlotType[], path: string): void {
    if (isParameter(slot)) this.uses.push({ name: slot.param, fits, path })
  }
}

/** The types of a constant beside a name. */
function constantTypes(spec: ColumnSpec | undefined): readonly SlotType[] {
  switch (spec?.kind) {
    case undefined:
      return ['text', 'number', 'integer', 'moment']
    case 'number':
      return number
    case 'timestamp':
      return ['moment']
    default:
      return ['text']
  }
}

function listTypes(spec: ColumnSpec | undefined): readonly SlotType[] {
  if (spec === undefined) return ['texts', 'numbers']
  return spec.kind === 'number' ? ['numbers'] : ['texts']
}
