import { audience, everyone, nobody } from '../make-node.ts'
import { isReserved } from './keywords.ts'
import type { Lexer } from './lex.ts'
import type { Mark, PartMark } from './mark.ts'
import { readDid } from './read-did.ts'
import { readNew, readRegular, readResumed, readStopped } from './read-lifecycle.ts'
import { readDaysSince, readMeasure } from './read-measure.ts'
import { readOccurrence } from './read-occurrence.ts'
import { expected, fail, isPlainName, readName } from './read-operand.ts'
import { type NamedTag, readTagCondition } from './read-tag-condition.ts'
import type { RuleReader } from './rule-reader.ts'

/** Reads a rule that holds no rules; the token behind it is then the present one. */
export function readCondition(reader: RuleReader): Mark {
  const { lexer, maker } = reader
  const { start, end, keyword } = lexer
  if (reader.isFilter && asksAboutPeople(lexer)) refuseInFilter(lexer)
  switch (keyword) {
    case 'everyone':
      lexer.next()
      return maker.condition(everyone(), start, end)
    case 'nobody':
      lexer.next()
      return maker.condition(nobody(), start, end)
    case 'audience':
      return readAudience(reader)
    case 'did':
    case 'didNot':
      return readDid(reader)
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'distinct':
    case 'count':
      return readMeasure(reader)
    case 'days':
      if (isReserved(lexer.value)) return readMeasure(reader)
      break
    case 'first':
      lexer.next()
      return readOccurrence(reader, keyword, start)
    case 'last':
      if (isReserved(lexer.value)) {
        lexer.next()
        return readOccurrence(reader, keyword, start)
      }
      break
    case 'stopped':
      return readStopped(reader)
    case 'resumed':
      return readResumed(reader)
    case 'new':
      return readNew(reader)
    case 'regular':
      return readRegular(reader)
    default:
  }
  const tag = readTagName(reader)
  if (keyword !== null && !reader.isFilter) {
    // 最近一次 and 距上次 are names, unless an event stands behind them.
    if (keyword === 'last' && isPlainName(lexer)) return readOccurrence(reader, keyword, start)
    if (keyword === 'daysSinceLast' && (isPlainName(lexer) || lexer.at('('))) return readDaysSince(reader, start)
  }
  return readTagCondition(reader, tag)
}

function readTagName({ lexer, isFilter }: RuleReader): NamedTag {
  const { start, end, keyword } = lexer
  const advice =
    keyword === 'today' || keyword === 'inLast' ? '. A window stands behind what it is of: did purchase today' : ''
  const what = isFilter
    ? 'a test of a property, for example amount >= 50'
    : `a condition, for example the name of a tag`
  return { tag: readName(lexer, `${what}${advice}`), start, end }
}

function asksAboutPeople({ keyword, value }: Lexer): boolean {
  switch (keyword) {
    case 'everyone':
    case 'nobody':
    case 'audience':
    case 'did':
    case 'didNot':
    case 'sum':
    case 'avg':
    case 'min':
    case 'max':
    case 'distinct':
    case 'count':
    case 'first':
    case 'stopped':
    case 'resumed':
    case 'new':
    case 'regular':
      return true
    case 'days':
    case 'last':
      return isReserved(value)
    default:
      return false
  }
}

function refuseInFilter(lexer: Lexer): never {
  const found = lexer.describe()
  const message = `found ${found} in the filter of an event, expected tests of its properties. As a name it is written in double quotes, "${lexer.value}"`
  fail(lexer, 'RULE_BAD_FILTER', message)
}

function readAudience({ lexer, maker }: RuleReader): Mark {
  const { start } = lexer
  lexer.next()
  const parts: PartMark[] = [{ part: 'name', start: lexer.start, end: lexer.end }]
  const name = readName(lexer, 'the name of an audience')
  let version: number | 'latest' | null = null
  if (lexer.take('version')) {
    parts.push({ part: 'version', start: lexer.start, end: lexer.end })
    version = readVersion(lexer)
  }
  return maker.condition(audience(name, version), start, lexer.previousEnd, parts)
}

function readVersion(lexer: Lexer): number | 'latest' {
  const latest = lexer.keyword === 'latest'
  const number = lexer.kind === 'number' && /^[0-9]{1,16}$/.test(lexer.value) ? Number(lexer.value) : 0
  if (!latest && !(number >= 1 && number <= Number.MAX_SAFE_INTEGER)) {
    expected(lexer, 'latest or the number of a version, a whole number of 1 or more')
  }
  lexer.next()
  return latest ? 'latest' : number
}
