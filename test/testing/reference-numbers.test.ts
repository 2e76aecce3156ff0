import { describe, expect, test } from 'vitest'
import { number, timestamp } from '../../src/index.ts'
import { makeNode as make, type RuleNode } from '../../src/rules/index.ts'
import { compareDecimals, decimalNumber, decimalOf, decimalText } from '../../src/testing/reference-numbers.ts'
import { ReferencePopulation } from '../../src/testing/reference-population.ts'

// The reference is the specification, so what it says is put down here by hand, law by law.

describe('decimals', () => {
  test.each([
    ['129.90', '129.9'],
    ['-0', '0'],
    ['+007.50', '7.5'],
    ['15e-1', '1.5'],
    ['1.5e3', '1500'],
    ['.5', '0.5'],
    ['5.', '5'],
    [0.1, '0.1'],
    [1e21, '1000000000000000000000'],
    [5e-7, '0.0000005'],
    [-0, '0'],
    [9007199254740993n, '9007199254740993'],
    ['9007199254740993.25', '9007199254740993.25'],
  ])('%s is %s', (written, text) => {
    expect(decimalText(decimalOf(written))).toBe(text)
    expect(decimalNumber(decimalOf(written))).toBe(Number(text))
  })

  test.each(['', '.', '1,5', '0x10', 'NaN', 'Infinity', '1 ', 'e3', '１'])('%j is none', (text) => {
    expect(() => decimalOf(text)).toThrow('is no decimal')
  })

  test('are compared exactly, whatever their digits', () => {
    const ascending = [
      '-1e300',
      '-2',
      '-1.999',
      '0',
      '1e-300',
      '0.1',
      '0.10000000000000001',
      '9007199254740993',
      '1e16',
    ]
    for (const [i, a] of ascending.entries()) {
      for (const [j, b] of ascending.entries()) {
        expect(Math.sign(compareDecimals(decimalOf(a), decimalOf(b)))).toBe(Math.sign(i - j))
      }
    }
  })
})

describe('numbers', () => {
  const population = new ReferencePopulation({ spend: number({ scale: 2 }) })
  population.put('low', { spend: '-12.50' })
  population.put('zero', { spend: -0 })
  population.put('tenth', { spend: 0.1 })
  population.put('ten', { spend: 10n })
  population.put('high', { spend: '90071992547409.91' })
  population.put('none', { spend: null })

  const answers: readonly (readonly [law: string, node: RuleNode, ids: readonly string[]])[] = [
    ['law 9: = is of decimals', make.value('eq', 'spend', '-12.5'), ['low']],
    ['law 9: a number is its shortest decimal', make.value('eq', 'spend', 0.1), ['tenth']],
    ['law 9: -0 is 0', make.value('eq', 'spend', 0), ['zero']],
    ['law 7: != is false for who has none', make.value('ne', 'spend', 10), ['low', 'zero', 'tenth', 'high']],
    [
      'law 7: not = includes who has none',
      make.not(make.value('eq', 'spend', 10)),
      ['low', 'zero', 'tenth', 'high', 'none'],
    ],
    ['law 9: <', make.compare('lt', 'spend', 0.1), ['low', 'zero']],
    ['law 9: <=', make.compare('lte', 'spend', 0.1), ['low', 'zero', 'tenth']],
    ['law 9: >', make.compare('gt', 'spend', 0.1), ['ten', 'high']],
    ['law 9: >=', make.compare('gte', 'spend', 0.1), ['tenth', 'ten', 'high']],
    ['law 9: between includes both ends', make.between('spend', '-12.50', 0.1), ['low', 'zero', 'tenth']],
    ['law 9: a constant that no double holds', make.compare('gte', 'spend', '90071992547409.91'), ['high']],
    ['law 9: a constant above the range', make.compare('lt', 'spend', 1e300), ['low', 'zero', 'tenth', 'ten', 'high']],
    ['law 9: a constant below the range', make.compare('lte', 'spend', '-1e300'), []],
    ['law 9: an unstorable constant is equal to nothing', make.value('eq', 'spend', '90071992547409.92'), []],
    ['law 8: in a list', make.list('in', 'spend', [10, '0.10', 77]), ['tenth', 'ten']],
    ['law 8: in ()', make.list('in', 'spend', []), []],
    ['law 7: not in a list', make.list('notIn', 'spend', [10, '0.10']), ['low', 'zero', 'high']],
    ['law 7: not in () is is set', make.list('notIn', 'spend', []), ['low', 'zero', 'tenth', 'ten', 'high']],
    ['law 7: is not set', make.presence('isNotSet', 'spend'), ['none']],
  ]
  test.each(answers)('%s', (_, node, ids) => {
    expect(population.ids(node)).toEqual(ids)
  })

  test('a bulk write sets, replaces, takes; the later of two for one person stays', () => {
    const people = new ReferencePopulation({ spend: number() })
    const write = (action: 'set' | 'replace' | 'clear', form: 'array' | 'dense', values: [string, number | null][]) =>
      people.changeValues({ column: 'spend', action, form, values })
    const spend = (id: string): string | undefined => {
      const value = people.people.get(id)?.get('spend') as ReturnType<typeof decimalOf> | undefined
      return value === undefined ? undefined : decimalText(value)
    }
    write('set', 'array', [
      ['a', 1],
      ['b', 2],
      ['a', 3],
    ])
    expect([spend('a'), spend('b')]).toEqual(['3', '2'])
    write('replace', 'dense', [
      ['b', 5],
      ['unknown', 6],
    ])
    expect([spend('a'), spend('b'), people.has('unknown')]).toEqual([undefined, '5', false])
    write('clear', 'array', [
      ['b', null],
      ['c', null],
    ])
    expect([spend('b'), people.has('c')]).toEqual([undefined, true])
  })
})

describe('timestamps', () => {
  const at = (text: string): number => Date.parse(text)
  const settings = { timeZone: 'America/New_York', now: at('2026-03-10T12:00:00-04:00') }
  const population = new ReferencePopulation({ joined: timestamp() }, settings)
  // On 8 March the clock is put forward at 02:00: the day has 23 hours.
  population.put('eve', { joined: '2026-03-07T23:59:59.999' })
  population.put('midnight', { joined: '2026-03-08' })
  population.put('noon', { joined: new Date('2026-03-08T16:00:00Z') })
  population.put('last', { joined: '2026-03-08T23:59:59.999-04:00' })
  population.put('next', { joined: at('2026-03-09T04:00:00Z') })
  population.put('future', { joined: '2027-01-01' })
  population.put('none', {})

  const noon = '2026-03-08T16:00:00Z'
  const day = '2026-03-08'
  const answers: readonly (readonly [law: string, node: RuleNode, ids: readonly string[]])[] = [
    ['= an instant', make.value('eq', 'joined', noon), ['noon']],
    ['= an instant, in local time', make.value('eq', 'joined', '2026-03-08T12:00'), ['noon']],
    ['= a date is in that local day', make.value('eq', 'joined', day), ['midnight', 'noon', 'last']],
    ['law 7: != a date', make.value('ne', 'joined', day), ['eve', 'next', 'future']],
    ['< a date is before it begins', make.compare('lt', 'joined', day), ['eve']],
    ['<= a date is before it ends', make.compare('lte', 'joined', day), ['eve', 'midnight', 'noon', 'last']],
    ['> a date is from its end on', make.compare('gt', 'joined', day), ['next', 'future']],
    [
      '>= a date is from its beginning on',
      make.compare('gte', 'joined', day),
      ['midnight', 'noon', 'last', 'next', 'future'],
    ],
    ['< an instant', make.compare('lt', 'joined', noon), ['eve', 'midnight']],
    ['<= an instant', make.compare('lte', 'joined', noon), ['eve', 'midnight', 'noon']],
    ['> an instant', make.compare('gt', 'joined', noon), ['last', 'next', 'future']],
    ['>= an instant', make.compare('gte', 'joined', noon), ['noon', 'last', 'next', 'future']],
    [
      'between dates includes both days',
      make.between('joined', '2026-03-07', day),
      ['eve', 'midnight', 'noon', 'last'],
    ],
    ['between an instant and a date', make.between('joined', noon, day), ['noon', 'last']],
    [
      'law 12: a range is half-open, a date its beginning',
      make.within('joined', make.rangeWindow(day, '2026-03-09')),
      ['midnight', 'noon', 'last'],
    ],
    ['law 12: last 2 days', make.within('joined', make.lastWindow(2, 'days')), ['midnight', 'noon', 'last', 'next']],
    [
      'law 11: a timestamp is no event, and may be ahead',
      make.within('joined', make.rangeWindow('2026-03-09', null)),
      ['next', 'future'],
    ],
    ['ever is is set', make.within('joined', make.ever()), ['eve', 'midnight', 'noon', 'last', 'next', 'future']],
  ]
  test.each(answers)('%s', (_, node, ids) => {
    expect(population.ids(node)).toEqual(ids)
  })

  test('law 11: a window moves with asOf', () => {
    const yesterday = make.within('joined', make.lastWindow(1, 'days'))
    expect(population.ids(yesterday, at('2026-03-08T04:59:59.999Z'))).toEqual([])
    expect(population.ids(yesterday, at('2026-03-08T05:00:00Z'))).toEqual(['eve'])
    expect(population.ids(yesterday, at('2026-03-09T04:00:00Z'))).toEqual(['midnight', 'noon', 'last'])
  })
})
