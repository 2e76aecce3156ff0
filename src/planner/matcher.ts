import { invariant } from '../base/invariant.ts'
import { resolveWindow, type WindowBounds } from '../base/window.ts'
import { hasTexts, valueNumbers } from './leaf-bitmaps.ts'
import { type LogicalNode, logicalChildren, type SearchNode, type ValuesNode } from './logical-node.ts'
import type { PlanSource } from './plan-source.ts'
import { numberColumn } from './range-of.ts'

/** Whether a living person, by dense number, is among the people of a rule. */
export type Matcher = (person: number) => boolean

/**
 * The rule as a test of one person, which builds no set: a look into a bitmap for each condition that has to be asked.
 * Good for as long as columns and audiences stay; values may come meanwhile.
 *
 * Cost: a part that stands in the rule many times is compiled once, and asked once a person.
 */
export function compileMatcher(root: LogicalNode, source: PlanSource): Matcher {
  const shared = sharedCombinations(root)
  const compiled = new Map<LogicalNode, Matcher>()
  // Of which call the answers of shared parts are: the data may change between two calls for one person.
  let call = 0

  const part: PartMatcher = (node) => {
    const known = compiled.get(node)
    if (known !== undefined) return known
    const matcher = compileNode(node, source, part)
    const once = shared.has(node) ? remembering(matcher, () => call) : matcher
    compiled.set(node, once)
    return once
  }

  const matcher = part(root)
  if (shared.size === 0) return matcher
  return (person) => {
    call++
    return matcher(person)
  }
}

/** Gives the matcher of a part. */
type PartMatcher = (node: LogicalNode) => Matcher

/** Combinations that stand in more than one place: without them a rule through many audiences could unfold without end. */
function sharedCombinations(root: LogicalNode): ReadonlySet<LogicalNode> {
  const seen = new Set<LogicalNode>()
  const shared = new Set<LogicalNode>()
  const visit = (node: LogicalNode): void => {
    const inside = logicalChildren(node)
    if (inside.length === 0) return
    if (seen.has(node)) {
      shared.add(node)
      return
    }
    seen.add(node)
    inside.forEach(visit)
  }
  visit(root)
  return shared
}

function remembering(matcher: Matcher, currentCall: () => number): Matcher {
  let answered = -1
  let answer = false
  return (person) => {
    const call = currentCall()
    if (answered !== call) {
      answer = matcher(person)
      answered = call
    }
    return answer
  }
}

function compileNode(node: LogicalNode, source: PlanSource, part: PartMatcher): Matcher {
  switch (node.kind) {
    case 'everyone':
      return () => true
    case 'nobody':
      return () => false
    case 'present': {
      const column = source.column(node.column)
      invariant(column !== undefined, 'a plan names columns of the schema')
      const { present } = column
      return (person) => present.has(person)
    }
    case 'values':
    case 'search':
      return compileValues(node, source)
    case 'range': {
      const column = numberColumn(node.column, source)
      const { from, to } = node
      return (person) => {
        const value = column.valueOf(person)
        return value !== undefined && value >= from && value <= to
      }
    }
    case 'window': {
      const column = numberColumn(node.column, source)
      let asOf = Number.NaN
      let bounds: WindowBounds = { from: 0, to: 0 }
      return (person) => {
        const value = column.valueOf(person)
        if (value === undefined) return false
        if (asOf !== source.asOf) {
          asOf = source.asOf
          bounds = resolveWindow(node.window, asOf, source.zone)
        }
        return value >= bounds.from && value < bounds.to
      }
    }
    case 'behaviour': {
      const matches = source.behaviours.matcher(node.question)
      return (person) => matches(person, source.asOf)
    }
    case 'audience':
      return (person) => source.members(node.name, node.version).has(person)
    case 'not': {
      const inner = part(node.of)
      return (person) => !inner(person)
    }
    case 'and': {
      const parts = node.of.map(part)
      return (person) => {
        for (const part of parts) if (!part(person)) return false
        return true
      }
    }
    case 'or': {
      const parts = node.of.map(part)
      return (person) => {
        for (const part of parts) if (part(person)) return true
        return false
      }
    }
    case 'xor': {
      const parts = node.of.map(part)
      return (person) => {
        let odd = false
        for (const part of parts) if (part(person)) odd = !odd
        return odd
      }
    }
    case 'atLeast': {
      const parts = node.of.map(part)
      const { k } = node
      return (person) => {
        let met = 0
        for (const part of parts) if (part(person) && ++met === k) return true
        return false
      }
    }
  }
}

/** Asking a person's value and looking it up is cheaper than asking this many bitmaps. */
const manyValues = 8

function compileValues(node: ValuesNode | SearchNode, source: PlanSource): Matcher {
  const column = source.column(node.column)
  invariant(column !== undefined && hasTexts(column), 'validation lets values be asked of categories only')
  let known = -1
  let numbers: readonly number[] = []
  let wanted: ReadonlySet<number> = new Set()
  const refresh = (): void => {
    known = column.values.size
    numbers = valueNumbers(node, column)
    wanted = new Set(numbers)
  }
  const anyPosting: Matcher = (person) => {
    if (known !== column.values.size) refresh()
    for (const value of numbers) if (column.posting(value).has(person)) return true
    return false
  }
  if (column.kind !== 'category') return anyPosting
  return (person) => {
    if (known !== column.values.size) refresh()
    return numbers.length < manyValues ? anyPosting(person) : wanted.has(column.valueOf(person))
  }
}
