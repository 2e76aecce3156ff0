/** Bounds that keep a hostile rule from costing more than a refusal. All are inclusive. */
export interface RuleLimits {
  /** Deepest nesting of a rule, its root counting 1. @default 200 */
  readonly depth: number
  /** Most nodes in one rule. @default 20_000 */
  readonly nodes: number
  /** Most `matches`, `contains` and `startsWith` in one rule: each looks at every distinct value of its column. @default 50 */
  readonly textTests: number
  /** Most values in one list (`in (…)`). @default 100_000 */
  readonly listLength: number
  /** Longest rule text, in UTF-16 units. @default 1_000_000 */
  readonly textLength: number
  /** Longest regular expression, in UTF-16 units. @default 1_000 */
  readonly patternLength: number
  /** Longest value, name or text constant inside a rule, in UTF-16 units. @default 65_535 */
  readonly valueLength: number
}

/** The limits in force unless `createEngine({ limits })` says otherwise. */
export const defaultRuleLimits: RuleLimits = Object.freeze({
  depth: 200,
  nodes: 20_000,
  textTests: 50,
  listLength: 100_000,
  textLength: 1_000_000,
  patternLength: 1_000,
  valueLength: 65_535,
})

/** The highest `depth` that can be set: what recursion over a rule stands, on the smallest stack that Node gives. */
export const deepestRuleLimit = 500

/** Bounds of what a rule can ask about events, which no option changes. All are inclusive. */
export interface EventLimits {
  readonly windowCount: number
  readonly durationCount: number
  readonly steps: number
  readonly periods: number
}

/** The bounds in force. */
export const eventLimits: EventLimits = Object.freeze({
  /** Highest number of units of a window, and of those that it ends ago. */
  windowCount: 100_000,
  /** Highest number of units of the gap between two steps. */
  durationCount: 100_000,
  /** Most steps of a sequence. */
  steps: 32,
  /** Most units that `regular` looks back. */
  periods: 1_000,
})
