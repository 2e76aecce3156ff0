import { type Contender, median } from './measure.ts'
import { makePopulation } from './population.ts'
import { report, type Table } from './report.ts'

const asked = 200_000
const rounds = 9

/** Question: how many people a second can be tested against a rule of five conditions, beside plain sets of ids? */
export function benchMatches(sizes: readonly number[]): void {
  const tables: Table[] = sizes.map((people) => {
    const { crowd, values } = makePopulation(people, 'independent')
    const rule = '(A or B) and D and not C and not E'
    const prepared = crowd.prepare(rule)
    const sets = Object.fromEntries(
      (['A', 'B', 'C', 'D', 'E'] as const).map((name) => [
        name,
        people <= 10_000_000 ? new Set(values[name]) : new Set<number>(),
      ]),
    )
    const contenders: Record<string, Contender> = {
      'engine, prepared': () => countWhere(people, (id) => prepared.matches(id)),
      'engine, text': () => countWhere(people, (id) => crowd.matches(id, rule)),
    }
    if (people <= 10_000_000) {
      const { A, B, C, D, E } = sets as Record<string, Set<number>>
      contenders['five Sets (floor)'] = () =>
        countWhere(people, (id) => (A!.has(id) || B!.has(id)) && D!.has(id) && !C!.has(id) && !E!.has(id))
    }
    const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, [] as number[]]))
    const answers = Object.values(contenders).map((contender) => contender())
    if (new Set(answers).size !== 1) throw new Error(`answers differ: ${answers.join(', ')}`)
    for (let round = 0; round < rounds; round++) {
      for (const [name, contender] of Object.entries(contenders)) {
        const start = performance.now()
        contender()
        times[name]!.push(performance.now() - start)
      }
    }
    return {
      title: `One person against ${rule}, ${people.toLocaleString('en')} people`,
      header: ['way', 'people a second'],
      rows: Object.entries(times).map(([name, measured]) => [
        name,
        Math.round((asked / median(measured)) * 1_000).toLocaleString('en'),
      ]),
    }
  })
  report('matches', tables)
}

/** Asks people scattered over the whole population. */
function countWhere(people: number, test: (id: number) => boolean): number {
  let found = 0
  for (let i = 0; i < asked; i++) if (test((i * 7_919) % people)) found++
  return found
}
