import { checkKeys } from '../base/check-keys.ts'
import type { RuleLimits } from '../base/limits.ts'
import { show } from '../base/show.ts'
import type { SchemaSpec } from '../schema/column-spec.ts'
import type { ValueColumns } from '../schema/row.ts'
import type { Schema } from '../schema/schema.ts'
import type { AudienceNode } from './ast.ts'
import { type EventQuestions, eventQuestions } from './build/event-questions.ts'
import { refusedName } from './build/refused-name.ts'
import { type WindowMakers, windowMakers } from './build/windows.ts'
import { type Fault, RuleError } from './fault.ts'
import type { RuleJson } from './json/rule-json.ts'
import * as make from './make-node.ts'
import { measureRule } from './measure-rule.ts'
import { Rule, type RuleInput } from './rule.ts'
import { type AnyTests, type TagTests, testsOf } from './tag-tests.ts'
import { Template, type TemplateDefinition, type TemplateParameters } from './template.ts'
import { type PrintOptions, printRule } from './text/print-rule.ts'

/**
 * Makes rules for one schema: tags, operators and values are typed by it, so that a misspelt name or an operator that
 * doesn't fit won't compile. All methods can be taken off the object: `const { tag, or } = crowd.rules`.
 */
export interface RuleBuilder<S extends SchemaSpec> extends EventQuestions<S>, WindowMakers {
  /**
   * A tag of the schema: the rule itself for a flag, for other columns the tests of their values. Events are no tags: `did`
   * asks about them.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * String(tag('精致妈妈').and(tag('cityTier').eq('T1'), tag('spend').gte(1_000))) // 精致妈妈 and cityTier = "T1" and spend >= 1000
   * ```
   * @throws RULE_UNKNOWN_TAG for a name that isn't in the schema, or is that of an event
   */
  tag<Name extends ValueColumns<S> & string>(name: Name): TagTests<S[Name]>
  /**
   * People in all of the rules.
   * Cost: made in the number of rules.
   *
   * @example
   * ```ts
   * crowd.count(and('精致妈妈', '老客')) // 50
   * ```
   * @throws RULE_EMPTY_AND for none, and the RULE_… codes of a malformed rule, for JSON or text
   */
  and(...rules: readonly RuleInput[]): Rule
  /**
   * People in any of the rules; nobody for none.
   * Cost: made in the number of rules.
   *
   * @example
   * ```ts
   * crowd.count(or('精致妈妈', '老客')) // 300
   * crowd.count(or()) // 0
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  or(...rules: readonly RuleInput[]): Rule
  /**
   * People in an odd number of the rules; nobody for none.
   * Cost: made in the number of rules.
   *
   * @example
   * ```ts
   * crowd.count(xor('精致妈妈', '老客')) // 250
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  xor(...rules: readonly RuleInput[]): Rule
  /**
   * People of the first rule who are in none of the others.
   * Cost: made in the number of rules.
   *
   * @example
   * ```ts
   * crowd.count(minus('精致妈妈', '老客')) // 200
   * ```
   * @throws RULE_EMPTY for none, and the RULE_… codes of a malformed rule, for JSON or text
   */
  minus(...rules: readonly RuleInput[]): Rule
  /**
   * Everyone but the people of the rule.
   * Cost: made in no time; a negation is counted, not built.
   *
   * @example
   * ```ts
   * crowd.count(not('老客')) // 900
   * ```
   * @throws the RULE_… codes of a malformed rule, for JSON or text
   */
  not(rule: RuleInput): Rule
  /**
   * People in at least `k` of the rules, one that stands twice counting twice; nobody when `k` is above their number.
   * Cost: made in the number of rules.
   *
   * @example
   * ```ts
   * crowd.count(atLeast(2, ['精致妈妈', '老客', 'cityTier = "T1"'])) // 134
   * ```
   * @throws RULE_BAD_COUNT when it is asked, for a `k` below 1; the RULE_… codes of a malformed rule, for JSON or text
   */
  atLeast(k: number, rules: readonly RuleInput[]): Rule
  /**
   * All living people: `U`.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * crowd.count(everyone()) // 1000
   * ```
   */
  everyone(): Rule
  /**
   * The empty set.
   * Cost: made in no time.
   *
   * @example
   * ```ts
   * crowd.count(nobody()) // 0
   * ```
   */
  nobody(): Rule
  /** The people of an audience as of now, or of its `'latest'` or a numbered version. */
  audience(name: string, options?: { readonly version?: number | 'latest' }): Rule
  /** A rule from text. @throws RULE_SYNTAX, RULE_AMBIGUOUS and the other codes of a malformed rule, as a RuleError. */
  parse(text: string): Rule
  /** The text of a rule; `parse` gives an equal rule back. */
  print(rule: RuleInput, options?: PrintOptions): string
  /** A rule from JSON. @throws RULE_UNKNOWN_KEY, RULE_WRONG_TYPE and the other codes of a malformed rule, as a RuleError. */
  fromJSON(json: RuleJson): Rule
  /** A rule with parameters that are filled in later. @throws TEMPLATE_INVALID, and the RULE_… codes */
  template<const P extends TemplateParameters>(definition: TemplateDefinition<P>): Template<P>
}

/** The builder for a schema that may change: `schema` gives the one in force. */
export function createRuleBuilder<S extends SchemaSpec>(schema: () => Schema, limits: RuleLimits): RuleBuilder<S> {
  const nodes = (rules: readonly RuleInput[]) => rules.map((rule) => Rule.read(rule, limits).node)
  return Object.freeze({
    ...eventQuestions<S>(schema, limits),
    ...windowMakers,
    tag<Name extends ValueColumns<S> & string>(name: Name): TagTests<S[Name]> {
      return tagTests(name, schema()) as TagTests<S[Name]>
    },
    and: (...rules: readonly RuleInput[]) => Rule.of(make.and(nodes(rules))),
    or: (...rules: readonly RuleInput[]) => Rule.of(make.or(nodes(rules))),
    xor: (...rules: readonly RuleInput[]) => Rule.of(make.xor(nodes(rules))),
    minus: (...rules: readonly RuleInput[]) => Rule.of(make.minus(nodes(rules))),
    not: (rule: RuleInput) => Rule.read(rule, limits).not(),
    atLeast: (k: number, rules: readonly RuleInput[]) => Rule.of(make.atLeast(k, nodes(rules))),
    everyone: () => Rule.of(make.everyone()),
    nobody: () => Rule.of(make.nobody()),
    audience: (name: string, options: { readonly version?: AudienceNode['version'] } = {}) => {
      checkKeys(options, ['version'])
      return Rule.of(make.audience(name, options.version ?? null))
    },
    parse: (text: string) => Rule.read(text, limits),
    print: (rule: RuleInput, options?: PrintOptions) => {
      const { node } = Rule.read(rule, limits)
      measureRule(node, limits)
      return printRule(node, options)
    },
    fromJSON: (json: RuleJson) => Rule.read(json, limits),
    template: <const P extends TemplateParameters>(definition: TemplateDefinition<P>) =>
      new Template(definition, schema(), limits),
  })
}

function tagTests(name: string, schema: Schema): AnyTests {
  const spec = schema.get(name)
  if (spec === undefined) {
    const { message, facts } = schema.unknown(name)
    const fault: Fault = {
      code: 'RULE_UNKNOWN_TAG',
      message: message.replace(/^\w+: no column/, 'no tag'),
      path: '$',
    }
    const { suggestion } = facts
    throw new RuleError([typeof suggestion === 'string' ? { ...fault, suggestion } : fault])
  }
  if (spec.kind === 'event') {
    throw refusedName('RULE_UNKNOWN_TAG', `${name} is an event, not a tag: did(${show(name)}) asks about it.`)
  }
  return testsOf(name, spec)
}
