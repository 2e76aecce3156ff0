import type { Slot, Weekday, Window, WindowUnit } from '../ast.ts'
import type { Span } from '../fault.ts'
import { ever, lastWindow, rangeWindow } from '../make-node.ts'
import type { RulePart } from '../rule-path.ts'
import { isReserved } from './keywords.ts'
import type { Lexer } from './lex.ts'
import type { PartMark, WindowPartMark } from './mark.ts'
import { readQuantity, windowUnits } from './quantity.ts'
import { expected, fail, readText } from './read-operand.ts'

/** A window that was read, and where it stands. */
export interface WindowRead {
  readonly window: Window
  readonly mark: PartMark
}

/** Whether a window of time may begin at the present token. */
export function isWindowStart({ keyword }: Lexer): boolean {
  switch (keyword) {
    case 'in':
    case 'inLast':
    case 'today':
    case 'this':
    case 'thisWeek':
    case 'thisMonth':
    case 'from':
    case 'to':
    case 'ever':
      return true
    default:
      return false
  }
}

/** Reads a window of time, which `part` of its node is. */
export function readWindow(lexer: Lexer, part: RulePart): WindowRead {
  const { start } = lexer
  const inside: WindowPartMark[] = []
  const window = readAny(lexer, inside)
  return { window, mark: { part, start, end: lexer.previousEnd, inside } }
}

/** Reads a window behind the `in` of a tag's test, which began at `start`. */
export function readWindowBehindIn(lexer: Lexer, part: RulePart, start: number): WindowRead {
  const inside: WindowPartMark[] = []
  const window = readBehindIn(lexer, inside)
  return { window, mark: { part, start, end: lexer.previousEnd, inside } }
}

const example = 'in last 7 days, today or from "2026-01-01" to "2026-02-01"'

function readAny(lexer: Lexer, inside: WindowPartMark[]): Window {
  if (lexer.take('in')) return readBehindIn(lexer, inside)
  if (lexer.keyword === 'last') expected(lexer, 'in before it: in last 7 days')
  return readBehindIn(lexer, inside)
}

function readBehindIn(lexer: Lexer, inside: WindowPartMark[]): Window {
  const { keyword } = lexer
  switch (keyword) {
    case 'last':
    case 'inLast':
      // 最近一次 is said of an event, not of days.
      if (!isReserved(lexer.value)) expected(lexer, `a window of time, for example ${example}`)
      lexer.next()
      return readLast(lexer, inside)
    case 'today':
      lexer.next()
      return lastWindow(0, 'days', { includeCurrent: true })
    case 'this':
    case 'thisWeek':
    case 'thisMonth':
      return readCurrent(lexer, inside)
    case 'from': {
      lexer.next()
      const from = readTime(lexer, 'from', inside)
      return rangeWindow(from, lexer.take('to') ? readTime(lexer, 'to', inside) : null)
    }
    case 'to':
      lexer.next()
      return rangeWindow(null, readTime(lexer, 'to', inside))
    case 'ever':
      lexer.next()
      return ever()
    default:
      return expected(lexer, `a window of time, for example ${example}`)
  }
}

function readTime(lexer: Lexer, part: 'from' | 'to', inside: WindowPartMark[]): Slot<string> {
  inside.push({ part, start: lexer.start, end: lexer.end })
  return readText(lexer)
}

/** Reads `this week`, `this month`. */
function readCurrent(lexer: Lexer, inside: WindowPartMark[]): Window {
  const unit = readCurrentUnit(lexer)
  const weekStart = unit === 'weeks' ? readWeekStart(lexer) : null
  if (weekStart === null) return lastWindow(0, unit, { includeCurrent: true })
  inside.push({ part: 'weekStart', ...weekStart.at })
  return lastWindow(0, unit, { includeCurrent: true, weekStart: weekStart.day })
}

/** Reads what names the present unit: `today`, `this week`, `this month`. */
function readCurrentUnit(lexer: Lexer): WindowUnit {
  const { keyword } = lexer
  switch (keyword) {
    case 'today':
      lexer.next()
      return 'days'
    case 'thisWeek':
      lexer.next()
      return 'weeks'
    case 'thisMonth':
      lexer.next()
      return 'months'
    case 'this':
      lexer.next()
      if (lexer.take('weeks')) return 'weeks'
      if (lexer.take('months')) return 'months'
      return expected(lexer, 'week or month behind this, or today for this day')
    default:
      return expected(lexer, 'today, this week or this month: in last 7 days including today')
  }
}

/** Reads what stands behind `in last`. */
function readLast(lexer: Lexer, inside: WindowPartMark[]): Window {
  const { count, unit, countAt, unitAt } = readQuantity(lexer, windowUnits, 0, 'RULE_BAD_WINDOW', 'in last 7 days')
  inside.push({ part: 'count', ...countAt }, { part: 'unit', ...unitAt })
  let includeCurrent = false
  let ago: Slot<number> | null = null
  let weekStart: ReturnType<typeof readWeekStart> = null
  for (;;) {
    const { keyword } = lexer
    if (keyword === 'including' && !includeCurrent) {
      readIncluding(lexer, unit, inside)
      includeCurrent = true
    } else if (keyword === 'ending' && ago === null) ago = readAgo(lexer, unit, inside)
    else if (keyword === 'starting' && weekStart === null) {
      if (unit !== 'weeks') fail(lexer, 'RULE_BAD_WINDOW', `found starting behind ${unit}: only weeks start on a day`)
      weekStart = readWeekStart(lexer)
    } else break
  }
  if (weekStart !== null) inside.push({ part: 'weekStart', ...weekStart.at })
  return lastWindow(count, unit, { includeCurrent, ago: ago ?? 0, weekStart: weekStart?.day ?? 'monday' })
}

/** Reads `including today`, whose unit must be that of the window. */
function readIncluding(lexer: Lexer, unit: WindowUnit, inside: WindowPartMark[]): void {
  const { start } = lexer
  if (!(unit in currentOf)) {
    const message = `found ${lexer.describe()} behind ${unit}, which end at the present moment: it stands behind days, weeks and months`
    fail(lexer, 'RULE_BAD_WINDOW', message)
  }
  lexer.next()
  const name = lexer.save()
  const named = readCurrentUnit(lexer)
  if (named !== unit) {
    lexer.restore(name)
    expected(lexer, `${currentOf[unit as keyof typeof currentOf]}, since the window is one of ${unit}`)
  }
  inside.push({ part: 'includeCurrent', start, end: lexer.previousEnd })
}

const currentOf = { days: 'today', weeks: 'this week', months: 'this month' } as const satisfies Partial<
  Record<WindowUnit, string>
>

/** Reads `ending 30 days ago`. */
function readAgo(lexer: Lexer, unit: WindowUnit, inside: WindowPartMark[]): Slot<number> {
  lexer.next()
  const { start } = lexer
  const { count } = readQuantity(lexer, [unit], 0, 'RULE_BAD_WINDOW', `ending 30 ${unit} ago`)
  if (!lexer.take('ago')) expected(lexer, `ago: ending 30 ${unit} ago`)
  inside.push({ part: 'ago', start, end: lexer.previousEnd })
  return count
}

/** Reads `starting sunday`, where it stands. */
export function readWeekStart(lexer: Lexer): { readonly day: Weekday; readonly at: Span } | null {
  if (!lexer.take('starting')) return null
  const day = weekdays.find((known) => known === lexer.keyword)
  if (day === undefined) expected(lexer, `the day on which weeks start: ${weekdays.join(', ')}`)
  const at = { start: lexer.start, end: lexer.end }
  lexer.next()
  return { day, at }
}

/** The days of a week, from its first. */
const weekdays: readonly Weekday[] = [
  ...(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const),
]
