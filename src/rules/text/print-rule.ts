import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { show } from '../../base/show.ts'
import { type EventNode, isParameter, type RuleNode } from '../ast.ts'
import { isOperation } from './operator.ts'
import { didPieces, eventPieces, isDid, printNumberTest } from './print-event.ts'
import { printConstant, printName } from './print-operand.ts'
import type { Piece } from './print-term.ts'
import { printWindow } from './print-window.ts'
import { writeParameter } from './quote.ts'
import { type RuleLanguage, vocabulary } from './vocabulary.ts'

/** How a rule is printed. */
export interface PrintOptions {
  /** The language of the keywords. Both parse to the same rule. @default 'en' */
  readonly language?: RuleLanguage
}

/**
 * A rule as text, with no parentheses but those it needs. `parseRule` gives the same rule back, and printing that gives
 * the same text.
 *
 * Cost: linear in the text; nothing recursive, so no rule is too deep for it.
 *
 * @throws OPTION_INVALID for an unknown language.
 * @example
 * ```ts
 * const { and, has, minus, value } = makeNode
 * printRule(minus([and([has('精致妈妈'), value('eq', 'cityTier', 'T1')]), has('黑名单')])) // 精致妈妈 and cityTier = "T1" minus 黑名单
 * ```
 */
export function printRule(node: RuleNode, options: PrintOptions = {}): string {
  checkKeys(options, ['language'])
  const language = options.language ?? 'en'
  if (language !== 'en' && language !== 'zh') {
    throw new CrowdbitError('OPTION_INVALID', `language: found ${show(language)}, expected 'en' or 'zh'`)
  }
  return print(node, language, needsParentheses)
}

/**
 * The beginning of a rule's text, for showing: cut with `…` where it is longer than `longest` UTF-16 units.
 * Cost: grows with `longest`, not with the rule, which may unfold to any size.
 */
export function printBeginning(node: RuleNode, longest: number): string {
  const text = print(node, 'en', needsParentheses, longest)
  if (text.length <= longest) return text
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** A rule as text with every operation inside another in parentheses: what a message about readings shows. */
export function printEveryParenthesis(node: RuleNode, language: RuleLanguage): string {
  return print(node, language, (_parent, _index, part) => isOperation(part))
}

/** Whether the part that stands at `index` in `parent` is put in parentheses. */
type Parenthesise = (parent: RuleNode, index: number, part: RuleNode) => boolean

/**
 * Only two operations read without parentheses inside another: `and` in an `or`, and as the first part of a `minus`.
 * A group inside the same operation keeps its parentheses, since it is another tree.
 */
function needsParentheses(parent: RuleNode, index: number, part: RuleNode): boolean {
  // `not did a then did b` would be right, but reads like `did not a then did b`.
  if (parent.kind === 'not' && part.kind === 'sequence') return true
  if (!isOperation(part)) return false
  return !(part.kind === 'and' && (parent.kind === 'or' || (parent.kind === 'minus' && index === 0)))
}

/** Writes from a stack of what is still to be written, the next on top: a node, or text as it stands. */
function print(
  root: RuleNode,
  language: RuleLanguage,
  parenthesise: Parenthesise,
  longest: number = Number.POSITIVE_INFINITY,
): string {
  let out = ''
  const waiting: (RuleNode | string)[] = [root]
  for (let next = waiting.pop(); next !== undefined && out.length <= longest; next = waiting.pop()) {
    if (typeof next === 'string') {
      out += next
      continue
    }
    const node = next
    switch (node.kind) {
      case 'not':
        if (isDid(node.rule)) pushPieces(didPieces(node.rule, 'didNot', language))
        else {
          out += `${vocabulary.not[language]} `
          pushPart(node, 0, node.rule)
        }
        break
      case 'and':
      case 'or':
      case 'xor':
      case 'minus':
        pushParts(node, node.rules, ` ${vocabulary[node.kind][language]} `)
        break
      case 'atLeast': {
        const k = isParameter(node.k) ? writeParameter(node.k.param) : String(node.k)
        out += `${vocabulary.atLeast[language]} ${k} ${vocabulary.of[language]} (`
        waiting.push(')')
        pushParts(null, node.rules, ', ')
        break
      }
      case 'behaviour':
      case 'first':
      case 'last':
      case 'sequence':
      case 'stopped':
      case 'resumed':
      case 'new':
      case 'regular':
        pushPieces(eventPieces(node, language))
        break
      default:
        out += condition(node, language)
    }
  }
  return out

  function pushPieces(pieces: readonly Piece[]): void {
    for (let index = pieces.length - 1; index >= 0; index--) waiting.push(pieces[index]!)
  }

  function pushParts(parent: RuleNode | null, rules: readonly RuleNode[], between: string): void {
    for (let index = rules.length - 1; index >= 0; index--) {
      pushPart(parent, index, rules[index]!)
      if (index > 0) waiting.push(between)
    }
  }

  function pushPart(parent: RuleNode | null, index: number, part: RuleNode): void {
    if (parent !== null && parenthesise(parent, index, part)) waiting.push(')', part, '(')
    else waiting.push(part)
  }
}

/** A node that holds no rules and asks about no events. */
type Condition = Exclude<RuleNode, EventNode | { readonly rule: RuleNode } | { readonly rules: readonly RuleNode[] }>

function condition(node: Condition, language: RuleLanguage): string {
  switch (node.kind) {
    case 'everyone':
    case 'nobody':
      return vocabulary[node.kind][language]
    case 'has':
      return printName(node.tag)
    case 'isSet':
    case 'isNotSet':
      return `${printName(node.tag)} ${vocabulary[node.kind][language]}`
    case 'eq':
    case 'ne':
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return `${printName(node.tag)} ${printNumberTest({ op: node.kind, value: node.value }, language)}`
    case 'between':
      return `${printName(node.tag)} ${printNumberTest({ op: node.kind, from: node.from, to: node.to }, language)}`
    case 'within':
      return `${printName(node.tag)} ${printWindow(node.window, language)}`
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const values = isParameter(node.values)
        ? printConstant(node.values)
        : `(${node.values.map(printConstant).join(', ')})`
      return `${printName(node.tag)} ${vocabulary[node.kind][language]} ${values}`
    }
    case 'startsWith':
    case 'contains':
      return `${printName(node.tag)} ${vocabulary[node.kind][language]} ${printConstant(node.text)}`
    case 'matches':
      return `${printName(node.tag)} ${vocabulary.matches[language]} ${printConstant(node.pattern)}`
    case 'audience': {
      const named = `${vocabulary.audience[language]} ${printName(node.name)}`
      if (node.version === null) return named
      const version = node.version === 'latest' ? vocabulary.latest[language] : String(node.version)
      return `${named} ${vocabulary.version[language]} ${version}`
    }
  }
}
