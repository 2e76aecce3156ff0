import { didYouMean, nearestName } from '../base/did-you-mean.ts'
import type { ErrorCode } from '../base/error-codes.ts'
import type { RuleLimits } from '../base/limits.ts'
import { compilePattern } from '../base/linear-pattern.ts'
import { show } from '../base/show.ts'
import { isWellFormed } from '../base/well-formed.ts'
import type { ColumnSpec } from '../schema/column-spec.ts'
import type { Schema } from '../schema/schema.ts'
import { type AudienceNode, childRules, isParameter, type RuleKind, type RuleNode, type Slot } from './ast.ts'
import type { Fault } from './fault.ts'
import { measureRule } from './measure-rule.ts'
import { childPath, operatorPlace, partPath } from './rule-path.ts'
import { spacedOut } from './text/keywords.ts'

/** Which audiences a rule may name: those of one workspace. */
export interface KnownAudiences {
  has(name: string): boolean
  names(): Iterable<string>
  /** Whether this version of the audience is kept. */
  hasVersion(name: string, version: number | 'latest'): boolean
}

/** What a rule is checked against. */
export interface ValidationContext {
  readonly schema: Schema
  readonly audiences: KnownAudiences
  readonly limits: RuleLimits
  /** Names of the parameters that a template declares; absent for a rule that is to be evaluated. */
  readonly parameters?: ReadonlySet<string>
}

/**
 * Every fault of a rule, in the order of their places; none for a rule that can be evaluated (law 6).
 * Cost: a step for each node and value.
 *
 * @throws RULE_TOO_DEEP, RULE_TOO_LARGE, as a RuleError, before anything else is looked at.
 */
export function validateRule(root: RuleNode, context: ValidationContext): readonly Fault[] {
  measureRule(root, context.limits)
  const validator = new Validator(context)
  validator.visit(root, '$')
  return validator.faults
}

/** The kinds of node that ask about a tag, by what the column has to be. */
const operators: Readonly<Partial<Record<RuleKind, { readonly name: string; readonly kinds: readonly TagKind[] }>>> = {
  has: { name: 'the tag alone', kinds: ['flag'] },
  isSet: { name: 'is set', kinds: ['flag', 'category', 'multi-category'] },
  isNotSet: { name: 'is not set', kinds: ['flag', 'category', 'multi-category'] },
  eq: { name: '=', kinds: ['category'] },
  ne: { name: '!=', kinds: ['category'] },
  in: { name: 'in', kinds: ['category'] },
  notIn: { name: 'not in', kinds: ['category'] },
  hasAny: { name: 'has any', kinds: ['multi-category'] },
  hasAll: { name: 'has all', kinds: ['multi-category'] },
  hasNone: { name: 'has none', kinds: ['multi-category'] },
  startsWith: { name: 'starts with', kinds: ['category', 'multi-category'] },
  contains: { name: 'contains', kinds: ['category', 'multi-category'] },
  matches: { name: 'matches', kinds: ['category', 'multi-category'] },
}

type TagKind = 'flag' | 'category' | 'multi-category'

const kindNames: Readonly<Record<TagKind, string>> = {
  flag: 'a flag',
  category: 'a category of one value',
  'multi-category': 'a category of many values',
}

/** Faults that get a suggestion: finding one costs milliseconds among many names, and nobody reads thousands. */
const mostSuggestions = 20

class Validator {
  readonly faults: Fault[] = []
  readonly #context: ValidationContext
  #suggestions = 0

  constructor(context: ValidationContext) {
    this.#context = context
  }

  visit(node: RuleNode, path: string): void {
    if ('tag' in node) this.#checkTagTest(node, path)
    else if (node.kind === 'audience') this.#checkAudience(node, path)
    else if (node.kind === 'atLeast') this.#checkCount(node.k, partPath(path, node, 'k'))
    childRules(node).forEach((child, index) => {
      this.visit(child, childPath(node, path, index))
    })
  }

  #checkTagTest(node: RuleNode & { readonly tag: Slot<string> }, path: string): void {
    const spec = this.#checkTag(node.tag, partPath(path, node, 'tag'))
    if (spec !== undefined) this.#checkOperator(node, tagKind(spec), path)
    const allowed = spec?.kind === 'category' ? spec.values : null
    switch (node.kind) {
      case 'eq':
      case 'ne':
        this.#checkText(node.value, partPath(path, node, 'value'), allowed)
        break
      case 'in':
      case 'notIn':
      case 'hasAny':
      case 'hasAll':
      case 'hasNone':
        this.#checkList(node.values, node, path, allowed)
        break
      case 'startsWith':
      case 'contains':
        this.#checkText(node.text, partPath(path, node, 'text'), null)
        break
      case 'matches':
        this.#checkPattern(node.pattern, partPath(path, node, 'pattern'))
        break
      default:
    }
  }

  #checkTag(tag: Slot<string>, path: string): ColumnSpec | undefined {
    if (isParameter(tag)) {
      this.#checkParameter(tag.param, path)
      return undefined
    }
    const { schema } = this.#context
    const spec = schema.get(tag)
    if (spec === undefined) {
      const suggestion = this.#suggest(() => suggestTag(tag, schema))
      this.#fault('RULE_UNKNOWN_TAG', `no tag ${tag} in this engine.${didYouMean(suggestion)}`, path, suggestion)
    }
    return spec
  }

  #checkOperator(node: RuleNode & { readonly tag: Slot<string> }, kind: TagKind, path: string): void {
    const operator = operators[node.kind]
    if (operator === undefined || operator.kinds.includes(kind)) return
    const fitting = Object.values(operators)
      .filter((other) => other.kinds.includes(kind))
      .map((other) => other.name)
    this.#fault(
      'RULE_WRONG_OPERATOR',
      `${String(node.tag)} is ${kindNames[kind]}, which ${operator.name} does not fit. It takes: ${fitting.join(', ')}.`,
      operatorPlace(path),
    )
  }

  #checkList(
    values: Slot<readonly Slot<string>[]>,
    node: RuleNode,
    path: string,
    allowed: readonly string[] | null,
  ): void {
    if (isParameter(values)) {
      this.#checkParameter(values.param, partPath(path, node, 'values'))
      return
    }
    if (values.length > this.#context.limits.listLength) {
      this.#fault(
        'RULE_LIST_TOO_LONG',
        `the list has ${values.length} values, where at most ${this.#context.limits.listLength} are allowed`,
        partPath(path, node, 'values'),
      )
      return
    }
    values.forEach((value, index) => {
      if (typeof value === 'string' && allowed === null && this.#isPlainText(value)) return
      this.#checkText(value, partPath(path, node, 'values', index), allowed)
    })
  }

  #checkText(value: Slot<string>, path: string, allowed: readonly string[] | null): void {
    if (isParameter(value)) this.#checkParameter(value.param, path)
    else if (typeof value !== 'string')
      this.#fault('RULE_WRONG_TYPE', `${show(value)} stands where text is expected`, path)
    else if (!isWellFormed(value)) {
      this.#fault('RULE_WRONG_TYPE', `${show(value)} has half a surrogate pair, which no stored text has`, path)
    } else if (value.length > this.#context.limits.valueLength) {
      this.#fault(
        'RULE_TOO_LONG',
        `a text of ${value.length} characters is longer than the ${this.#context.limits.valueLength} allowed`,
        path,
      )
    } else if (allowed !== null && !allowed.includes(value)) {
      const suggestion = this.#suggest(() => nearestName(value, allowed))
      this.#fault(
        'RULE_VALUE_NOT_ALLOWED',
        `the tag lists its values, and ${show(value)} is none of them.${didYouMean(suggestion)}`,
        path,
        suggestion,
      )
    }
  }

  #isPlainText(value: string): boolean {
    return value.length <= this.#context.limits.valueLength && isWellFormed(value)
  }

  #checkPattern(pattern: Slot<string>, path: string): void {
    if (isParameter(pattern)) {
      this.#checkParameter(pattern.param, path)
      return
    }
    const { patternLength } = this.#context.limits
    const reason =
      typeof pattern !== 'string'
        ? 'it is not text'
        : pattern.length > patternLength
          ? `it has ${pattern.length} characters, where at most ${patternLength} are allowed`
          : compilePattern(pattern)
    if (typeof reason === 'string') {
      this.#fault('RULE_BAD_PATTERN', `the pattern ${show(pattern)} is refused: ${reason}.`, path)
    }
  }

  #checkAudience(node: AudienceNode, path: string): void {
    const namePath = partPath(path, node, 'name')
    if (isParameter(node.name)) {
      this.#checkParameter(node.name.param, namePath)
      return
    }
    const { audiences } = this.#context
    if (!audiences.has(node.name)) {
      const { name } = node
      const suggestion = this.#suggest(() => nearestName(name, audiences.names()))
      this.#fault(
        'RULE_UNKNOWN_AUDIENCE',
        `no audience ${show(node.name)} in this workspace.${didYouMean(suggestion)}`,
        namePath,
        suggestion,
      )
    } else if (node.version !== null && !audiences.hasVersion(node.name, node.version)) {
      this.#fault(
        'RULE_UNKNOWN_VERSION',
        `audience ${show(node.name)} keeps no version ${node.version}`,
        partPath(path, node, 'version'),
      )
    }
  }

  #checkCount(k: Slot<number>, path: string): void {
    if (isParameter(k)) this.#checkParameter(k.param, path)
    else if (!Number.isSafeInteger(k) || k < 1) {
      this.#fault(
        'RULE_BAD_COUNT',
        `at least ${show(k)} of … is refused: a whole number of 1 or more is expected`,
        path,
      )
    }
  }

  #checkParameter(name: string, path: string): void {
    const { parameters } = this.#context
    if (parameters === undefined) {
      this.#fault('RULE_UNBOUND_PARAMETER', `the parameter $${name} has no value: apply the template first`, path)
    } else if (!parameters.has(name)) {
      const suggestion = this.#suggest(() => nearestName(name, parameters))
      this.#fault(
        'TEMPLATE_UNKNOWN_PARAMETER',
        `the template declares no parameter $${name}.${didYouMean(suggestion)}`,
        path,
        suggestion,
      )
    }
  }

  #suggest(nearest: () => string | undefined): string | undefined {
    return ++this.#suggestions > mostSuggestions ? undefined : nearest()
  }

  #fault(code: ErrorCode, message: string, path: string, suggestion?: string): void {
    this.faults.push(suggestion === undefined ? { code, message, path } : { code, message, path, suggestion })
  }
}

function tagKind(spec: ColumnSpec): TagKind {
  if (spec.kind === 'flag') return 'flag'
  return spec.many ? 'multi-category' : 'category'
}

/**
 * The nearest tag. A Chinese keyword written without a space before or after a name (`非黑名单`) reads as one name, so that
 * is looked for first.
 */
function suggestTag(name: string, schema: Schema): string | undefined {
  const spaced = spacedOut(name)
  if (spaced?.split(' ').some((word) => schema.get(word) !== undefined)) return `${spaced}, with spaces`
  return nearestName(name, schema.names)
}
