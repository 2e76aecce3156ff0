import type {
  BehaviourNode,
  Duration,
  EventNode,
  NumberTest,
  OccurrenceNode,
  RegularNode,
  RuleNode,
  SequenceNode,
} from '../ast.ts'
import { printConstant, printName, printQuantity, printUnit } from './print-operand.ts'
import { filterPieces, measuredPieces, type Piece, termPieces, termsPieces } from './print-term.ts'
import { printWindow, printWindowBehind } from './print-window.ts'
import { type Phrase, type RuleLanguage, timesPhrases, vocabulary } from './vocabulary.ts'

/** Whether a rule is printed with `did`, so that its contrary is printed with `did not`. */
export function isDid(node: RuleNode): node is BehaviourNode {
  return node.kind === 'behaviour' && node.measure === 'count'
}

/** The pieces of a rule about events. */
export function eventPieces(node: EventNode, language: RuleLanguage): Piece[] {
  const word = (phrase: Phrase) => vocabulary[phrase][language]
  switch (node.kind) {
    case 'behaviour':
      return isDid(node) ? didPieces(node, 'did', language) : measurePieces(node, language)
    case 'first':
    case 'last':
      return occurrencePieces(node, language)
    case 'sequence':
      return sequencePieces(node, language)
    case 'stopped': {
      const windows = `${printWindow(node.earlier, language)} ${word('butNot')} ${printWindow(node.later, language)}`
      return [`${word('stopped')} `, ...termPieces(node.event), ` ${windows}`]
    }
    case 'resumed': {
      const before = `${printWindow(node.earlier, language)} ${word('butNot')} ${printWindow(node.gap, language)}`
      const windows = `${before} ${word('again')} ${printWindow(node.later, language)}`
      return [`${word('resumed')} `, ...termPieces(node.event), ` ${windows}`]
    }
    case 'new':
      return [`${word('new')} `, ...termPieces(node.event), ` ${printWindow(node.window, language)}`]
    case 'regular':
      return [`${word('regular')} `, ...termPieces(node.event), ` ${regularity(node, language)}`]
  }
}

/** The pieces of `did purchase at least 3 times in last 90 days`, or of its contrary. */
export function didPieces(node: BehaviourNode, begin: 'did' | 'didNot', language: RuleLanguage): Piece[] {
  const times = printTimes(node.test, language)
  return [
    `${vocabulary[begin][language]} `,
    ...termsPieces(node.events),
    times === '' ? '' : ` ${times}`,
    printWindowBehind(node.window, language),
  ]
}

/** How often, as text; nothing for at least once. */
function printTimes(test: NumberTest, language: RuleLanguage): string {
  const op = vocabulary[timesPhrases[test.op]][language]
  if (test.op === 'between') {
    const to = `${printConstant(test.to)} ${printUnit(test.to, 'times', language)}`
    return `${op} ${printConstant(test.from)} ${betweenWord[language]} ${to}`
  }
  if (test.op === 'gte' && test.value === 1) return ''
  return `${op} ${printConstant(test.value)} ${printUnit(test.value, 'times', language)}`
}

function measurePieces(node: BehaviourNode, language: RuleLanguage): Piece[] {
  return [
    ...measuredPieces(node, language),
    printWindowBehind(node.window, language),
    ` ${printNumberTest(node.test, language)}`,
  ]
}

/** A comparison as text: `>= 500`, `between 10 and 20`. */
export function printNumberTest(test: NumberTest, language: RuleLanguage): string {
  if (test.op !== 'between') return `${signOf[test.op]} ${printConstant(test.value)}`
  const from = printConstant(test.from)
  return `${vocabulary.between[language]} ${from} ${betweenWord[language]} ${printConstant(test.to)}`
}

const betweenWord = { en: vocabulary.and.en, zh: vocabulary.to.zh } as const

const signOf = { eq: '=', ne: '!=', lt: '<', lte: '<=', gt: '>', gte: '>=' } as const

function occurrencePieces(node: OccurrenceNode, language: RuleLanguage): Piece[] {
  const pieces: Piece[] = [`${vocabulary[node.kind][language]} `, ...termPieces(node.event)]
  if (node.test !== null) pieces.push(` ${vocabulary.where[language]} (`, ...filterPieces(node.test), ')')
  pieces.push(printWindowBehind(node.window, language))
  return pieces
}

function sequencePieces(node: SequenceNode, language: RuleLanguage): Piece[] {
  const word = (phrase: Phrase) => vocabulary[phrase][language]
  const pieces: Piece[] = []
  node.steps.forEach(({ event, within, without }, index) => {
    pieces.push(index === 0 ? `${word('did')} ` : ` ${word('next')} ${word('did')} `, ...termPieces(event))
    if (within !== null) pieces.push(` ${printWithin(within, language)}`)
    if (without.length > 0) pieces.push(` ${word('without')} `, ...termsPieces(without))
  })
  if (node.absence !== null) {
    const { events, within } = node.absence
    pieces.push(` ${word('next')} ${word('didNot')} `, ...termsPieces(events), ` ${printWithin(within, language)}`)
  }
  if (node.same !== null) pieces.push(`, ${word('same')} ${printName(node.same)}`)
  if (node.allowSameTime) pieces.push(`, ${word('allowing')} ${word('sameTime')}`)
  pieces.push(printWindowBehind(node.window, language))
  return pieces
}

function printWithin({ count, unit }: Duration, language: RuleLanguage): string {
  const length = printQuantity(count, unit, language)
  return language === 'en' ? `${vocabulary.within.en} ${length}` : `${length} ${vocabulary.within.zh}`
}

function regularity({ times, periods, of, unit, weekStart }: RegularNode, language: RuleLanguage): string {
  const word = (phrase: Phrase) => vocabulary[phrase][language]
  const often = `${word('atLeast')} ${printConstant(times)} ${printUnit(times, 'times', language)}`
  const among =
    language === 'en'
      ? `${word('in')} ${word('atLeast')} ${printConstant(periods)} ${word('of')} ${vocabulary.last.en} ${printQuantity(of, unit, language)}`
      : `${word('inLast')} ${printQuantity(of, unit, language)} ${word('ofThem')} ${word('atLeast')} ${printQuantity(periods, unit, language)}`
  const starting = weekStart === 'monday' ? '' : ` ${word('starting')} ${word(weekStart)}`
  return `${often} ${among}${starting}`
}
