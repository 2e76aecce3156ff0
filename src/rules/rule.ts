import { CrowdbitError } from '../base/crowdbit-error.ts'
import { deepestRuleLimit, defaultRuleLimits, type RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { RuleNode } from './ast.ts'
import { type Fault, RuleError, type Span } from './fault.ts'
import { ruleFromJson } from './json/rule-from-json.ts'
import type { RuleJson } from './json/rule-json.ts'
import { ruleToJson } from './json/rule-to-json.ts'
import * as make from './make-node.ts'
import { measureRule } from './measure-rule.ts'
import { parseRule } from './text/parse-rule.ts'
import { type PrintOptions, printRule } from './text/print-rule.ts'

/** What can be written out: as deep as any limit lets a rule be. */
const printable: RuleLimits = {
  ...defaultRuleLimits,
  depth: deepestRuleLimit,
  textTests: defaultRuleLimits.nodes,
}

/** A rule in any of its forms: every call that takes a rule takes all three. */
export type RuleInput = Rule | RuleJson | string

/** The text that a rule came from, and where its parts stand in it. */
export interface RuleSource {
  readonly text: string
  /** Places by JSON path. */
  readonly places: ReadonlyMap<string, Span>
}

/**
 * A question about people: a frozen tree, with methods that make larger rules of it. A rule knows no data: the same one
 * can be asked of several engines, saved as JSON, printed as text.
 *
 * @example
 * ```ts
 * const rule = tag('精致妈妈').and(tag('cityTier').in(['T1', 'T2'])).minus(audience('老客'))
 * String(rule) // 精致妈妈 and cityTier in ("T1", "T2") minus audience 老客
 * ```
 */
export class Rule {
  /** The tree. */
  readonly node: RuleNode
  readonly #source: RuleSource | null

  protected constructor(node: RuleNode, source: RuleSource | null = null) {
    this.node = node
    this.#source = source
  }

  /** A rule of a tree that `make-node` made. */
  static of(node: RuleNode, source: RuleSource | null = null): Rule {
    return new Rule(node, source)
  }

  /**
   * A rule from any of its forms. Names and values aren't checked here, since that takes a schema.
   *
   * @throws RULE_NOT_A_RULE, RULE_SYNTAX, RULE_AMBIGUOUS, RULE_UNKNOWN_KEY, RULE_WRONG_TYPE, RULE_TOO_DEEP and the
   * other codes of a malformed rule, as a RuleError that has all faults.
   */
  static read(input: RuleInput, limits: RuleLimits = defaultRuleLimits): Rule {
    if (input instanceof Rule) return input
    if (typeof input === 'string') {
      const parsed = parseRule(input, limits)
      return new Rule(parsed.node, {
        text: input,
        get places() {
          return parsed.places
        },
      })
    }
    if (typeof input !== 'object' || input === null) {
      throw new CrowdbitError(
        'RULE_NOT_A_RULE',
        `${show(input)} is not a rule: a rule, its JSON or its text is expected`,
      )
    }
    return new Rule(ruleFromJson(input, limits), null)
  }

  /**
   * The people of this rule who are in each of the others too.
   * Cost: made in the number of parts; `a.and(b).and(c)` is one `and` of three.
   *
   * @example
   * ```ts
   * String(tag('精致妈妈').and('老客')) // 精致妈妈 and 老客
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  and(...others: readonly RuleInput[]): Rule {
    return Rule.of(make.and(this.#with('and', others)))
  }

  /**
   * The people of this rule or of any of the others.
   * Cost: made in the number of parts.
   *
   * @example
   * ```ts
   * crowd.count(tag('精致妈妈').or(tag('老客'))) // 300
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  or(...others: readonly RuleInput[]): Rule {
    return Rule.of(make.or(this.#with('or', others)))
  }

  /**
   * The people in an odd number of this rule and the others.
   * Cost: made in the number of parts.
   *
   * @example
   * ```ts
   * crowd.count(tag('精致妈妈').xor(tag('老客'))) // 250
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  xor(...others: readonly RuleInput[]): Rule {
    return Rule.of(make.xor(this.#with('xor', others)))
  }

  /**
   * The people of this rule who are in none of the others.
   * Cost: made in the number of parts.
   *
   * @example
   * ```ts
   * crowd.count(tag('精致妈妈').minus(tag('老客'))) // 200
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  minus(...others: readonly RuleInput[]): Rule {
    return Rule.of(make.minus(this.#with('minus', others)))
  }

  /**
   * Everyone else: `U` without the people of this rule.
   * Cost: made in no time; a negation is counted, not built.
   *
   * @example
   * ```ts
   * crowd.count(tag('老客').not()) // 900
   * ```
   */
  not(): Rule {
    return Rule.of(make.not(this.node))
  }

  /** The JSON form: plain data that `fromJSON` reads back to an equal rule. */
  toJSON(): RuleJson {
    measureRule(this.node, printable)
    return ruleToJson(this.node)
  }

  /** The text form, which `parse` reads back to an equal rule. Keywords are English, or Chinese with `language: 'zh'`. */
  toString(options?: PrintOptions): string {
    measureRule(this.node, printable)
    return printRule(this.node, options)
  }

  /** The error for faults of this rule, pointing into its text where it came from text. */
  error(faults: readonly Fault[]): RuleError {
    const source = this.#source
    const located = faults.map((fault) => ({ ...fault, path: fault.path.replace(operatorSuffix, '') }))
    if (source === null) return new RuleError(located)
    const placed = located.map((fault, index) => {
      const span = source.places.get(faults[index]!.path) ?? placeOf(fault.path, source.places)
      return span === undefined ? fault : { ...fault, span }
    })
    return new RuleError(placed, source.text)
  }

  /** Where the node at a JSON path stands in the text; `undefined` when the rule did not come from text. */
  placeOf(path: string): Span | undefined {
    return this.#source?.places.get(path)
  }

  /** The parts of a longer rule: `a.and(b).and(c)` is one `and` of three, the same set as the nested one. */
  #with(kind: 'and' | 'or' | 'xor' | 'minus', others: readonly RuleInput[]): RuleNode[] {
    const own = this.node.kind === kind ? this.node.rules : [this.node]
    return [...own, ...others.map((other) => Rule.read(other, printable).node)]
  }
}

/** What `operatorPlace` puts behind a path: a place in text, and no step of a JSON path. */
const operatorSuffix = / operator$/

/** The place of the nearest enclosing part that has one. */
function placeOf(path: string, places: ReadonlyMap<string, Span>): Span | undefined {
  for (let part = path; part.length > 0; part = part.replace(/(\.[^.[\]]*|\[[^\]]*\])$/, '')) {
    const span = places.get(part)
    if (span !== undefined) return span
    if (part === '$') return undefined
  }
  return undefined
}
