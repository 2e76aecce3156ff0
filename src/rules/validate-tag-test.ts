import { compilePattern } from '../base/linear-pattern.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { ListNode, RuleKind, RuleNode, Slot } from './ast.ts'
import type { FaultCollector } from './fault-collector.ts'
import { operatorPlace, partPath } from './rule-path.ts'
import { type Comparand, checkConstant, checkInterval, checkText, comparandOf } from './validate-constant.ts'
import { checkWindow } from './validate-window.ts'

/** A node that tests one name: a tag, or inside the filter of an event a property. */
export type TagTestNode = RuleNode & { readonly tag: Slot<string> }

/** The kinds of node that ask about a tag, by what the column has to be. */
const operators: Readonly<Partial<Record<RuleKind, { readonly name: string; readonly kinds: readonly TagKind[] }>>> = {
  has: { name: 'the name alone', kinds: ['flag'] },
  isSet: { name: 'is set', kinds: ['flag', 'category', 'multi-category', 'number', 'timestamp'] },
  isNotSet: { name: 'is not set', kinds: ['flag', 'category', 'multi-category', 'number', 'timestamp'] },
  eq: { name: '=', kinds: ['category', 'number', 'timestamp'] },
  ne: { name: '!=', kinds: ['category', 'number', 'timestamp'] },
  lt: { name: '<', kinds: ['number', 'timestamp'] },
  lte: { name: '<=', kinds: ['number', 'timestamp'] },
  gt: { name: '>', kinds: ['number', 'timestamp'] },
  gte: { name: '>=', kinds: ['number', 'timestamp'] },
  between: { name: 'between', kinds: ['number', 'timestamp'] },
  within: { name: 'in a window of time', kinds: ['timestamp'] },
  in: { name: 'in', kinds: ['category', 'number'] },
  notIn: { name: 'not in', kinds: ['category', 'number'] },
  hasAny: { name: 'has any', kinds: ['multi-category'] },
  hasAll: { name: 'has all', kinds: ['multi-category'] },
  hasNone: { name: 'has none', kinds: ['multi-category'] },
  startsWith: { name: 'starts with', kinds: ['category', 'multi-category'] },
  contains: { name: 'contains', kinds: ['category', 'multi-category'] },
  matches: { name: 'matches', kinds: ['category', 'multi-category'] },
}

type TagKind = 'flag' | 'category' | 'multi-category' | 'number' | 'timestamp'

const kindNames: Readonly<Record<TagKind, string>> = {
  flag: 'a flag',
  category: 'a category of one value',
  'multi-category': 'a category of many values',
  number: 'a number',
  timestamp: 'a timestamp',
}

/**
 * Checks the test of a tag, or of a property, whose name was looked up already.
 *
 * @param spec what the name stands for; `undefined` where that is not known, or is no column of values
 */
export function checkTest(
  collector: FaultCollector,
  node: TagTestNode,
  path: string,
  spec: ColumnSpec | undefined,
  noun: 'tag' | 'property',
): void {
  const fits = spec === undefined || checkOperator(collector, node, path, spec, noun)
  // Where only an order is asked of what has none, the constants are no faults of their own.
  const comparand = fits || !isOrder(node) ? comparandOf(spec, String(node.tag), noun) : unknownComparand
  switch (node.kind) {
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      checkConstant(collector, node.value, partPath(path, node, 'value'), comparand)
      break
    case 'between': {
      const [from, to] = [partPath(path, node, 'from'), partPath(path, node, 'to')]
      checkInterval(collector, node.from, node.to, { from, to, both: `${path}.between` }, comparand)
      break
    }
    case 'within':
      checkWindow(collector, node.window, partPath(path, node, 'window'))
      break
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone':
      checkList(collector, node, path, comparand)
      break
    case 'startsWith':
    case 'contains': {
      const place = partPath(path, node, 'text')
      if (collector.isFilled(node.text, place)) checkText(collector, node.text, place, { noun, values: null })
      break
    }
    case 'matches':
      checkPattern(collector, node.pattern, partPath(path, node, 'pattern'))
      break
    default:
  }
}

const unknownComparand: Comparand = { kind: 'unknown' }

function isOrder(node: TagTestNode): boolean {
  return ['lt', 'lte', 'gt', 'gte', 'between'].includes(node.kind)
}

/** Whether the operator fits the kind of the column; a fault where it doesn't. */
function checkOperator(
  collector: FaultCollector,
  node: TagTestNode,
  path: string,
  spec: ColumnSpec,
  noun: 'tag' | 'property',
): boolean {
  const operator = operators[node.kind]
  const kind = tagKind(spec)
  if (operator === undefined || kind === null || operator.kinds.includes(kind)) return true
  const nameOf = (name: string): string => (name === 'the name alone' ? `the ${noun} alone` : name)
  const fitting = Object.values(operators)
    .filter((other) => other.kinds.includes(kind))
    .map((other) => nameOf(other.name))
  const is = `${String(node.tag)} is ${kindNames[kind]}, which ${nameOf(operator.name)} does not fit`
  collector.fault('RULE_WRONG_OPERATOR', `${is}. It takes: ${fitting.join(', ')}.`, operatorPlace(path))
  return false
}

function checkList(collector: FaultCollector, node: ListNode, path: string, comparand: Comparand): void {
  const { values } = node
  const place = partPath(path, node, 'values')
  if (!collector.isFilled(values, place)) return
  const list = values as readonly Slot<string | number>[]
  const { listLength, valueLength } = collector.context.limits
  if (list.length > listLength) {
    const message = `the list has ${list.length} values, where at most ${listLength} are allowed`
    collector.fault('RULE_LIST_TOO_LONG', message, place)
    return
  }
  const anyText = comparand.kind === 'unknown' || (comparand.kind === 'text' && comparand.values === null)
  list.forEach((value, index) => {
    if (anyText && typeof value === 'string' && value.length <= valueLength && isWellFormed(value)) return
    checkConstant(collector, value, partPath(path, node, 'values', index), comparand)
  })
}

function checkPattern(collector: FaultCollector, pattern: Slot<string>, path: string): void {
  if (!collector.isFilled(pattern, path)) return
  const { patternLength } = collector.context.limits
  const reason =
    typeof pattern !== 'string'
      ? 'it is not text'
      : pattern.length > patternLength
        ? `it has ${pattern.length} characters, where at most ${patternLength} are allowed`
        : compilePattern(pattern)
  if (typeof reason === 'string') {
    collector.fault('RULE_BAD_PATTERN', `the pattern ${show(pattern)} is refused: ${reason}.`, path)
  }
}

/** What a column is to a test; `null` for events, which have no value. */
function tagKind(spec: ColumnSpec): TagKind | null {
  if (spec.kind === 'event') return null
  if (spec.kind !== 'category') return spec.kind
  return spec.many ? 'multi-category' : 'category'
}
