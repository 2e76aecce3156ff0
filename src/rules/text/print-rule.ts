import { checkKeys } from '../../base/check-keys.ts'
import { CrowdbitError } from '../../base/crowdbit-error.ts'
import { show } from '../../base/show.ts'
import { isParameter, type RuleNode, type Slot } from '../ast.ts'
import { type RuleLanguage, vocabulary } from './keywords.ts'
import { quote, writeName, writeParameter } from './quote.ts'

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
  if (!isOperation(part)) return false
  return !(part.kind === 'and' && (parent.kind === 'or' || (parent.kind === 'minus' && index === 0)))
}

function isOperation(node: RuleNode): boolean {
  return node.kind === 'and' || node.kind === 'or' || node.kind === 'xor' || node.kind === 'minus'
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
        out += `${vocabulary.not[language]} `
        pushPart(node, 0, node.rule)
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
      default:
        out += condition(node, language)
    }
  }
  return out

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

/** A node that holds no rules. */
type Condition = Exclude<RuleNode, { readonly rule: RuleNode } | { readonly rules: readonly RuleNode[] }>

function condition(node: Condition, language: RuleLanguage): string {
  switch (node.kind) {
    case 'everyone':
    case 'nobody':
      return vocabulary[node.kind][language]
    case 'has':
      return name(node.tag)
    case 'isSet':
    case 'isNotSet':
      return `${name(node.tag)} ${vocabulary[node.kind][language]}`
    case 'eq':
      return `${name(node.tag)} = ${text(node.value)}`
    case 'ne':
      return `${name(node.tag)} != ${text(node.value)}`
    case 'in':
    case 'notIn':
    case 'hasAny':
    case 'hasAll':
    case 'hasNone': {
      const values = isParameter(node.values) ? text(node.values) : `(${node.values.map(text).join(', ')})`
      return `${name(node.tag)} ${vocabulary[node.kind][language]} ${values}`
    }
    case 'startsWith':
    case 'contains':
      return `${name(node.tag)} ${vocabulary[node.kind][language]} ${text(node.text)}`
    case 'matches':
      return `${name(node.tag)} ${vocabulary.matches[language]} ${text(node.pattern)}`
    case 'audience': {
      const named = `${vocabulary.audience[language]} ${name(node.name)}`
      if (node.version === null) return named
      const version = node.version === 'latest' ? vocabulary.latest[language] : String(node.version)
      return `${named} ${vocabulary.version[language]} ${version}`
    }
  }
}

function name(slot: Slot<string>): string {
  return isParameter(slot) ? writeParameter(slot.param) : writeName(slot)
}

function text(slot: Slot<string>): string {
  return isParameter(slot) ? writeParameter(slot.param) : quote(slot)
}
