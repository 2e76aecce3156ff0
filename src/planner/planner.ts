import type { ExternalId, Millis } from '../base/brand.ts'
import type { CheckedClock } from '../base/clock.ts'
import type { RuleLimits } from '../base/limits.ts'
import type { TimeZone } from '../base/time-zone.ts'
import type { Behaviours } from '../behaviour/behaviours.ts'
import { cloneBitmap, type ReadonlyBitmap } from '../bitmap/bitmap.ts'
import type { Posting } from '../bitmap/posting.ts'
import type { Column } from '../columns/column.ts'
import type { ForwardIndex } from '../columns/forward-index.ts'
import type { Dataset } from '../dataset/dataset.ts'
import { makeUserSet, type UserSet } from '../dataset/user-set.ts'
import type { Kernel } from '../kernel/kernel.ts'
import type { RuleNode } from '../rules/ast.ts'
import { Rule, type RuleInput } from '../rules/rule.ts'
import { printRule } from '../rules/text/print-rule.ts'
import { type KnownAudiences, validateRule } from '../rules/validate-rule.ts'
import { answerLater, type LaterQuestion } from './answer-later.ts'
import { type AskOptions, type AwaitOptions, checkSignal, momentOf } from './ask-options.ts'
import { canonicalHash } from './canonical-hash.ts'
import { checkPartCount } from './check-part-count.ts'
import { Evaluation } from './evaluation.ts'
import { explainWindows } from './explain-windows.ts'
import { Explanation } from './explanation.ts'
import { hasTexts, valueNumbers } from './leaf-bitmaps.ts'
import type { LogicalNode } from './logical-node.ts'
import { LogicalPool } from './logical-pool.ts'
import { type LoweringContext, lowerRule, namesOnly, type UnfoldedAudiences } from './lower-rule.ts'
import { compileMatcher, type Matcher } from './matcher.ts'
import { explainPerson, type PersonExplanation } from './person-explanation.ts'
import { PlanMemory } from './plan-memory.ts'
import type { PlanSource } from './plan-source.ts'
import { PlanTrace } from './plan-trace.ts'
import type { PreparedRule } from './prepared-rule.ts'
import { type Preview, previewRule } from './preview.ts'
import { traceToSteps } from './trace-to-steps.ts'

/** What the planner has to know of the audiences of a workspace: the engine fills it. */
export interface AudienceDirectory extends KnownAudiences {
  /** The rule of a rule audience; `null` for a list audience. */
  ruleOf(name: string): RuleNode | null
  /** Members of a list audience now, or of a version of any audience. */
  members(name: string, version: number | 'latest' | null): ReadonlyBitmap
  /** Changes whenever a name, a rule or a version does. */
  readonly revision: number
}

/** A rule in normal form, and the definitions that it was made for. */
interface Plan {
  readonly rule: Rule
  readonly pool: LogicalPool
  readonly root: LogicalNode
  readonly memory: PlanMemory
  readonly schema: unknown
  readonly revision: number
  matcher: Matcher | null
}

/** Rule texts whose plans are remembered. */
const rememberedTexts = 256
/** Longest text whose plan is remembered, in UTF-16 units. */
const longestRemembered = 4_096

/** Answers rules on a dataset, for one workspace: rule → normal form → order of work → answer. */
export class Planner implements PlanSource {
  readonly #dataset: Dataset
  readonly #audiences: AudienceDirectory
  readonly #limits: RuleLimits
  readonly #clock: CheckedClock
  readonly #texts = new Map<string, Plan>()
  readonly behaviours: Behaviours
  readonly kernel: Kernel | null
  /** Of the question that is being answered: everything is synchronous, so there is one at a time. */
  #asOf = 0 as Millis

  constructor(
    dataset: Dataset,
    audiences: AudienceDirectory,
    behaviours: Behaviours,
    limits: RuleLimits,
    clock: CheckedClock,
    kernel: Kernel | null,
  ) {
    this.kernel = kernel
    this.#dataset = dataset
    this.#audiences = audiences
    this.behaviours = behaviours
    this.#limits = limits
    this.#clock = clock
  }

  get asOf(): Millis {
    return this.#asOf
  }

  get zone(): TimeZone {
    return this.#dataset.zone
  }

  get people(): Posting {
    return this.#dataset.people
  }

  get dataVersion(): number {
    return this.#dataset.version
  }

  column(name: string): Column | undefined {
    return this.#dataset.column(name)
  }

  members(name: string, version: number | 'latest' | null): ReadonlyBitmap {
    return this.#audiences.members(name, version)
  }

  /** @throws the RULE_… codes for a rule that is malformed or doesn't fit, as a RuleError with all faults. */
  count(input: RuleInput, options: AskOptions = {}): number {
    return this.#count(this.#plan(input), options)
  }

  /** @throws as `count`. */
  select(input: RuleInput, options: AskOptions = {}): UserSet {
    return this.#select(this.#plan(input), options)
  }

  /** As `count`, on other threads where there are any. @throws as `count`, THREADS_FAILED, THREADS_CLOSED, and what the signal gives */
  async countAsync(input: RuleInput, options: AwaitOptions = {}): Promise<number> {
    return this.#countLater(this.#current(input), options)
  }

  /**
   * As `select`, on other threads where there are any.
   *
   * @param atMoment called at the moment of which the answer is
   * @throws as `countAsync`
   */
  async selectAsync(input: RuleInput, options: AwaitOptions = {}, atMoment: () => void = () => {}): Promise<UserSet> {
    return this.#selectLater(this.#current(input), options, atMoment)
  }

  /**
   * How many of the people of a rule have each value, by other threads; `null` where they aren't asked.
   *
   * @param atMoment called at the moment of which the answer is, for the index of values of that moment, which nobody may write until there is an answer
   * @throws as `countAsync`
   */
  async profileAsync(
    input: RuleInput,
    { signal, ...options }: AwaitOptions,
    atMoment: () => { readonly index: ForwardIndex; readonly values: number } | null,
  ): Promise<Uint32Array | null> {
    const question = this.#later(this.#current(input), signal, options, false)
    return answerLater<Plan, Uint32Array | null>(question, (root) => root, {
      later: async ({ kernel, plan, images }) => {
        const profile = atMoment()
        if (profile === null) return null
        const { index, values } = profile
        const cellsOf = (from: number, containers: number) => index.cells(from, containers)
        return kernel.profileLater(plan.program, images, cellsOf, values + 1, signal)
      },
      now: () => null,
    })
  }

  /** @throws as `count`, and the ID_… codes for what is not an id. */
  matches(id: ExternalId, input: RuleInput, options: AskOptions = {}): boolean {
    return this.#matches(id, this.#plan(input), options)
  }

  /** @throws as `count`. */
  hash(input: RuleInput): string {
    return this.#hash(this.#plan(input))
  }

  /** @throws as `count`. */
  explain(input: RuleInput, options: AskOptions = {}): Explanation {
    const began = performance.now()
    const plan = this.#plan(input)
    return this.#explain(plan, performance.now() - began, options)
  }

  /**
   * The truth of each part of the rule for one person, and what decided it.
   *
   * @throws as `matches`; DENSE_UNKNOWN never, since an unknown id is answered by `null`.
   */
  explainMatch(id: ExternalId, input: RuleInput, options: AskOptions = {}): PersonExplanation | null {
    const plan = this.#plan(input)
    this.#begin(options)
    const person = this.#dataset.find(id)
    if (person === -1) return null
    checkPartCount(plan.rule.node)
    const unfolded: UnfoldedAudiences = new Map()
    const holds = (node: RuleNode): boolean =>
      compileMatcher(lowerRule(node, plan.pool, this.#context, unfolded), this)(person)
    const steps = explainPerson(plan.rule.node, {
      asOf: this.#asOf,
      zone: this.zone,
      holds,
      value: (column) => {
        const derived = this.#dataset.derivedTag(column)
        if (derived?.mode !== 'live') return this.#dataset.column(column)?.get(person)
        const found = derived.cases.find(({ rule }) => holds(rule))
        return found === undefined ? undefined : (found.value ?? true)
      },
      measured: (node) => this.behaviours.measured(node, person, this.#asOf),
    })
    const { people, version } = this.#dataset
    return { ...steps, asOf: this.#asOf, timeZone: this.zone.name, universe: people.size, dataVersion: version }
  }

  /** @throws as `count`. */
  preview(input: RuleInput, options: AskOptions = {}): Preview {
    const { rule, root } = this.#plan(input)
    this.#begin(options)
    return previewRule(rule, explainWindows(root, this), this, this.#context)
  }

  /** @throws as `count`. */
  prepare(input: RuleInput): PreparedRule {
    const current = this.#current(input)
    const { rule } = current()
    const hash = (): string => this.#hash(current())
    return Object.freeze({
      rule,
      get hash() {
        return hash()
      },
      count: (options: AskOptions = {}) => this.#count(current(), options),
      select: (options: AskOptions = {}) => this.#select(current(), options),
      countAsync: async (options: AwaitOptions = {}) => this.#countLater(current, options),
      selectAsync: async (options: AwaitOptions = {}) => this.#selectLater(current, options),
      matches: (id: ExternalId, options: AskOptions = {}) => this.#matches(id, current(), options),
      explain: (options: AskOptions = {}) => this.#explain(current(), 0, options),
    })
  }

  /** A rule from any of its forms, within the limits of this engine. @throws the RULE_… codes of a malformed rule. */
  read(input: RuleInput): Rule {
    return Rule.read(input, this.#limits)
  }

  /** Everything wrong with a rule: empty when it can be asked. Malformed rules are thrown by `Rule.read` itself. */
  check(rule: Rule): void {
    const faults = validateRule(rule.node, {
      schema: this.#dataset.schema,
      audiences: this.#audiences,
      limits: this.#limits,
    })
    if (faults.length > 0) throw rule.error(faults)
  }

  /** The plan of a rule whenever it is asked for, made anew once the schema or an audience has changed. */
  #current(input: RuleInput): () => Plan {
    let plan = this.#plan(input)
    return () => {
      if (!this.#isCurrent(plan)) plan = this.#make(plan.rule)
      return plan
    }
  }

  #plan(input: RuleInput): Plan {
    if (typeof input !== 'string') return this.#make(Rule.read(input, this.#limits))
    const known = this.#texts.get(input)
    if (known !== undefined && this.#isCurrent(known)) return known
    const plan = this.#make(Rule.read(input, this.#limits))
    if (input.length <= longestRemembered) {
      if (this.#texts.size >= rememberedTexts) this.#texts.delete(this.#texts.keys().next().value as string)
      this.#texts.set(input, plan)
    }
    return plan
  }

  #make(rule: Rule): Plan {
    this.check(rule)
    const pool = new LogicalPool((column) => {
      const spec = this.#dataset.schema.get(column)
      return !(spec?.kind === 'category' && spec.many)
    })
    const root = this.#lower(rule.node, pool)
    return {
      rule,
      pool,
      root,
      memory: new PlanMemory(root, pool),
      schema: this.#dataset.schema,
      revision: this.#audiences.revision,
      matcher: null,
    }
  }

  #isCurrent(plan: Plan): boolean {
    return plan.schema === this.#dataset.schema && plan.revision === this.#audiences.revision
  }

  #lower(node: RuleNode, pool: LogicalPool): LogicalNode {
    return lowerRule(node, pool, this.#context)
  }

  get #context(): LoweringContext {
    return {
      schema: this.#dataset.schema,
      zone: this.zone,
      audienceRules: this.#audienceRules,
      derived: (column) => this.#dataset.derivedTag(column),
    }
  }

  readonly #audienceRules = (name: string): RuleNode | null => this.#audiences.ruleOf(name)

  /** The instant that a question with these options is answered for. @throws OPTION_INVALID, TIME_INVALID */
  momentOf(options: AskOptions): Millis {
    return momentOf(options, this.#clock, this.zone)
  }

  /** Takes the instant of a question, and lets go of remembered answers that are too many. */
  #begin(options: AskOptions): void {
    this.#asOf = this.momentOf(options)
    this.behaviours.trim()
  }

  #count(plan: Plan, options: AskOptions): number {
    this.#begin(options)
    const evaluation = new Evaluation(plan.root, plan.pool, this, null, plan.memory)
    try {
      return evaluation.count(plan.root)
    } finally {
      evaluation.dispose()
    }
  }

  async #countLater(current: () => Plan, { signal, ...options }: AwaitOptions): Promise<number> {
    const question = this.#later(current, signal, options, true)
    let isComplement = false
    const nodeOf = (root: LogicalNode): LogicalNode => {
      isComplement = root.kind === 'not'
      return root.kind === 'not' ? root.of : root
    }
    return answerLater(question, nodeOf, {
      later: async ({ kernel, plan, images }) => {
        const { size } = this.people
        const { counts } = await kernel.countsLater(plan.program, images, signal)
        return isComplement ? size - counts[0]! : counts[0]!
      },
      now: (plan) => this.#count(plan, { asOf: question.asOf }),
    })
  }

  async #selectLater(
    current: () => Plan,
    { signal, ...options }: AwaitOptions,
    atMoment: () => void = () => {},
  ): Promise<UserSet> {
    const question = this.#later(current, signal, options, false)
    return answerLater(question, (root) => root, {
      later: async ({ kernel, plan, images }) => {
        atMoment()
        const { bitmap } = await kernel.buildLater(plan.program, images, signal)
        return makeUserSet(this.#dataset.ids, bitmap, bitmap)
      },
      now: (plan) => {
        atMoment()
        return this.#select(plan, { asOf: question.asOf })
      },
    })
  }

  /** A question as of the instant of the call. */
  #later(
    current: () => Plan,
    signal: AbortSignal | undefined,
    options: AskOptions,
    isCounting: boolean,
  ): LaterQuestion<Plan> {
    checkSignal(signal)?.throwIfAborted()
    const asOf = this.momentOf(options)
    const begin = (): Plan => {
      const plan = current()
      this.#begin({ asOf })
      return plan
    }
    return { source: this, asOf, signal, isCounting, begin }
  }

  #select(plan: Plan, options: AskOptions): UserSet {
    this.#begin(options)
    const { root } = plan
    const posting = this.#postingOf(root)
    if (posting !== null) return makeUserSet(this.#dataset.ids, posting.lend())
    const evaluation = new Evaluation(root, plan.pool, this, null, plan.memory)
    try {
      const { bitmap, owned } = evaluation.select(root)
      // Members of an audience never change, while a bitmap of a column does: a user set must not.
      if (owned === null && root.kind === 'audience') return makeUserSet(this.#dataset.ids, bitmap)
      const people = owned ?? cloneBitmap(bitmap)
      return makeUserSet(this.#dataset.ids, people, people)
    } finally {
      evaluation.dispose()
    }
  }

  /** The posting that holds exactly a node's people: handed out as it is, copied when it is written next. */
  #postingOf(node: LogicalNode): Posting | null {
    if (node.kind === 'everyone') return this.#dataset.people
    if (node.kind !== 'present' && node.kind !== 'values' && node.kind !== 'search') return null
    const column = this.#dataset.column(node.column)
    if (column === undefined) return null
    if (node.kind === 'present') return column.present
    if (!hasTexts(column)) return null
    const numbers = valueNumbers(node, column)
    return numbers.length === 1 ? column.posting(numbers[0]!) : null
  }

  #matches(id: ExternalId, plan: Plan, options: AskOptions): boolean {
    this.#begin(options)
    const person = this.#dataset.find(id)
    if (person === -1) return false
    plan.matcher ??= compileMatcher(plan.root, this)
    return plan.matcher(person)
  }

  /** The hash names live audiences by their names, so that it belongs to the rule and not to the data. */
  #hash(plan: Plan): string {
    const context = { ...this.#context, ...namesOnly }
    return canonicalHash(lowerRule(plan.rule.node, new LogicalPool(plan.pool.isSingleValued), context))
  }

  #explain(plan: Plan, planning: number, options: AskOptions): Explanation {
    this.#begin(options)
    const trace = new PlanTrace()
    const evaluation = new Evaluation(plan.root, plan.pool, this, trace, plan.memory)
    let count: number
    let milliseconds: number
    try {
      const began = performance.now()
      count = evaluation.count(plan.root)
      milliseconds = performance.now() - began
    } finally {
      evaluation.dispose()
    }
    const steps = traceToSteps(trace, plan.pool, this)
    const total = sumUp(steps)
    return new Explanation({
      rule: printRule(plan.rule.node),
      hash: this.#hash(plan),
      count,
      universe: this.#dataset.people.size,
      asOf: this.#asOf,
      timeZone: this.zone.name,
      windows: explainWindows(plan.root, this),
      dataVersion: this.#dataset.version,
      plan: steps,
      built: total.built,
      containers: total.containers,
      milliseconds,
      planning,
    })
  }
}

function sumUp(steps: Explanation['plan']): { built: number; containers: number } {
  let built = 0
  let containers = 0
  for (const step of steps) {
    const inside = sumUp(step.steps)
    built += step.built + inside.built
    containers += step.containers + inside.containers
  }
  return { built, containers }
}
