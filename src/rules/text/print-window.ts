import type { LastWindow, Window, WindowUnit } from '../ast.ts'
import { printConstant, printQuantity } from './print-operand.ts'
import { type Phrase, type RuleLanguage, vocabulary } from './vocabulary.ts'

/** A window of time as text: `in last 7 days including today`. */
export function printWindow(window: Window, language: RuleLanguage): string {
  switch (window.kind) {
    case 'ever':
      return vocabulary.ever[language]
    case 'range': {
      const words: string[] = []
      if (window.from !== null) words.push(vocabulary.from[language], printConstant(window.from))
      if (window.to !== null) words.push(vocabulary.to[language], printConstant(window.to))
      return words.join(' ')
    }
    case 'last':
      return printLast(window, language)
  }
}

/** A window as it stands behind what it is of, with a blank before it; nothing where that is all time. */
export function printWindowBehind(window: Window, language: RuleLanguage): string {
  return window.kind === 'ever' ? '' : ` ${printWindow(window, language)}`
}

function printLast(window: LastWindow, language: RuleLanguage): string {
  const { count, unit, includeCurrent, ago, weekStart } = window
  const word = (phrase: Phrase) => vocabulary[phrase][language]
  const starting = weekStart === 'monday' ? '' : ` ${word('starting')} ${word(weekStart)}`
  const current = currentPhrases[unit]
  if (count === 0 && includeCurrent && ago === 0 && current !== undefined) return `${word(current)}${starting}`
  const including = includeCurrent ? ` ${word('including')} ${word(current ?? 'today')}` : ''
  const ending = ago === 0 ? '' : ` ${word('ending')} ${printQuantity(ago, unit, language)} ${word('ago')}`
  return `${word('inLast')} ${printQuantity(count, unit, language)}${including}${ending}${starting}`
}

/** How the present unit is said, of those units that a window can include the present one of. */
const currentPhrases: Readonly<Partial<Record<WindowUnit, Phrase>>> = {
  days: 'today',
  weeks: 'thisWeek',
  months: 'thisMonth',
}
