import fc from 'fast-check'

/**
 * Regular expressions that mean the same to RE2 and to JavaScript's engine in Unicode mode: literals, `.`, classes,
 * groups with alternatives, anchors and repeats, over texts without line ends.
 */
export const anyPattern: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '^'),
    fc.array(fc.tuple(atom(), fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{0,2}')), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.constantFrom('', '$'),
  )
  .map(([begin, pieces, end]) => begin + pieces.map(([piece, repeat]) => piece + repeat).join('') + end)

function atom(): fc.Arbitrary<string> {
  return fc.constantFrom(
    'a',
    '.',
    'T',
    '[ab]',
    '[^a]',
    'b',
    '\\d',
    '(a|T)',
    '(?:妈|é)',
    '妈',
    '[0-9v]',
    '𠮷',
    '\\w',
    'é',
  )
}
