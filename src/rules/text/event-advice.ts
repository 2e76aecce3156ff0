import type { EventNode, WithinNode } from '../ast.ts'
import type { Lexer } from './lex.ts'
import { isWindowStart } from './read-window.ts'

/** What may help behind a rule about events or times: a sentence with a blank before it, or nothing. */
export function adviceAfterEvent(node: EventNode | WithinNode, found: Lexer): string {
  const { keyword, kind } = found
  const isSequence = node.kind === 'sequence'
  if (kind === ',') return isSequence ? '. Behind a comma stand same and a property, or allowing same time' : ''
  switch (keyword) {
    case 'last':
      return '. A window of time begins with in: in last 7 days'
    case 'next':
      return '. The steps of a sequence come first, when and how often behind them'
    case 'within':
      return '. within is said of steps: did a then did b within 2 hours. A window of time begins with in: in last 7 days'
    case 'without':
      return '. without is said of steps: did a then did b without c'
    case 'where':
      return '. A filter stands in parentheses right behind the name of the event: purchase(product = "A")'
    case 'same':
    case 'allowing':
      return isSequence ? '. A comma stands before it' : ''
    case 'including':
    case 'ending':
    case 'starting':
      return '. It stands in a window: in last 7 days including today, in last 7 days ending 30 days ago, in last 2 weeks starting sunday'
    case 'at':
    case 'atLeast':
    case 'atMost':
    case 'exactly':
    case 'more':
    case 'moreThan':
    case 'fewer':
    case 'fewerThan':
      return '. How often is said of did: did purchase at least 3 times'
    case 'today':
    case 'this':
    case 'thisWeek':
    case 'thisMonth':
      return '. A rule has one window: in last 7 days including today has the present day too'
    default:
      return isWindowStart(found) ? '. A rule has one window of time: for two, write two rules with and' : ''
  }
}
