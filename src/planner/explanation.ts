import type { Millis } from '../base/brand.ts'
import { checkKeys } from '../base/check-keys.ts'
import type { ExplainedWindow } from './explain-windows.ts'

/** One step of a plan. */
export interface PlanStep {
  /** The part of the rule, as text, cut with `…` after 10,000 characters. */
  readonly rule: string
  /** Whether the step takes these people away from what is beside it. */
  readonly negative: boolean
  /** What was done: `read`, `and`, `and not, count only`, `or of 3`… */
  readonly operator: string
  /** How many people the part has by itself. */
  readonly count: number
  /** How many people are left after the step, inside an intersection; `null` elsewhere, and for steps not needed. */
  readonly running: number | null
  /** Containers of operands and results that were gone through, steps inside excluded. */
  readonly containers: number
  /** Bitmaps that were built, steps inside excluded. */
  readonly built: number
  /** Time of the step, steps inside included. */
  readonly milliseconds: number
  readonly steps: readonly PlanStep[]
}

/** How a rule was answered. */
export interface ExplanationData {
  /** The rule as text. */
  readonly rule: string
  /** The canonical hash: equal for rules that are equal up to rewriting. */
  readonly hash: string
  /** How many people the rule has. */
  readonly count: number
  /** How many living people there are: `U`. */
  readonly universe: number
  /** The instant for which the rule was answered. */
  readonly asOf: Millis
  /** The zone in which days begin. */
  readonly timeZone: string
  /** The bounds of every window of time that was asked about, in that zone. */
  readonly windows: readonly ExplainedWindow[]
  /** How many writes the data had seen. */
  readonly dataVersion: number
  /** The steps, as they were done. */
  readonly plan: readonly PlanStep[]
  /** Bitmaps built in all. */
  readonly built: number
  /** Containers gone through in all. */
  readonly containers: number
  /** Time for the count, planning excluded. */
  readonly milliseconds: number
  /** Time for checking and planning, in milliseconds. */
  readonly planning: number
}

/** How a rule was answered: as data, and as a tree of text. */
export class Explanation implements ExplanationData {
  readonly rule: string
  readonly hash: string
  readonly count: number
  readonly universe: number
  readonly asOf: Millis
  readonly timeZone: string
  readonly windows: readonly ExplainedWindow[]
  readonly dataVersion: number
  readonly plan: readonly PlanStep[]
  readonly built: number
  readonly containers: number
  readonly milliseconds: number
  readonly planning: number

  constructor(data: ExplanationData) {
    this.rule = data.rule
    this.hash = data.hash
    this.count = data.count
    this.universe = data.universe
    this.asOf = data.asOf
    this.timeZone = data.timeZone
    this.windows = data.windows
    this.dataVersion = data.dataVersion
    this.plan = data.plan
    this.built = data.built
    this.containers = data.containers
    this.milliseconds = data.milliseconds
    this.planning = data.planning
  }

  /**
   * The plan as a tree: for each step the people of its part, what was done, and how many were left.
   *
   * @param options `times: false` leaves the times out, so that the same rule on the same data gives the same text.
   */
  toString(options: { readonly times?: boolean } = {}): string {
    checkKeys(options, ['times'])
    const times = options.times ?? true
    const lines = [
      this.rule,
      `${amount(this.count, 'person', 'people')} of ${whole(this.universe)}` +
        `, ${amount(this.built, 'bitmap', 'bitmaps')} built, ${amount(this.containers, 'container', 'containers')} touched` +
        (times ? `, ${duration(this.milliseconds)} (planning ${duration(this.planning)})` : ''),
    ]
    for (const { rule, from, to } of this.windows) {
      lines.push(`window of ${shorten(rule)}: [${from ?? 'the first event'}, ${to ?? 'no end'})`)
    }
    this.plan.forEach((step, index) => {
      drawStep(step, '', index === this.plan.length - 1, times, lines)
    })
    return lines.join('\n')
  }
}

function drawStep(step: PlanStep, indent: string, isLast: boolean, times: boolean, lines: string[]): void {
  const running = step.running === null ? '' : ` → ${whole(step.running)}`
  const built = step.built === 0 ? '' : `, built ${step.built}`
  const touched = step.containers === 0 ? '' : `, ${amount(step.containers, 'container', 'containers')}`
  const time = times && step.milliseconds >= 0.001 ? `, ${duration(step.milliseconds)}` : ''
  lines.push(
    `${indent}${isLast ? '└─' : '├─'} ${drawRule(step)}  [${whole(step.count)}] ${step.operator}${running}${built}${touched}${time}`,
  )
  step.steps.forEach((inner, index) => {
    drawStep(inner, indent + (isLast ? '   ' : '│  '), index === step.steps.length - 1, times, lines)
  })
}

/** The part of a step, `not` before it where it was taken away. */
function drawRule(step: PlanStep): string {
  const rule = shorten(step.rule)
  if (!step.negative) return rule
  return rule.includes(' ') ? `not (${rule})` : `not ${rule}`
}

/** Longest text of a part that a line shows. */
const maxShown = 72

function shorten(text: string): string {
  const characters = [...text]
  return characters.length > maxShown ? `${characters.slice(0, maxShown - 1).join('')}…` : text
}

function whole(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

function amount(count: number, one: string, many: string): string {
  return `${whole(count)} ${count === 1 ? one : many}`
}

function duration(milliseconds: number): string {
  return milliseconds < 1
    ? `${(milliseconds * 1000).toFixed(0)} µs`
    : `${milliseconds.toFixed(milliseconds < 10 ? 2 : 1)} ms`
}
