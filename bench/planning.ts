import { category, createEngine, flag } from 'crowdbit'
import { median } from './measure.ts'
import { report } from './report.ts'

const runs = 2_000

/**
 * Question: what does it cost to parse, check and plan a rule that was never seen before, and what does a count cost on so
 * few people that the rule is all there is to it?
 */
export function benchPlanning(): void {
  const crowd = createEngine({
    schema: { a: flag(), b: flag(), c: flag(), city: category(), interests: category({ many: true }) },
  })
  for (let i = 0; i < 1_000; i++) {
    crowd.put(i, { a: i % 2 === 0, b: i % 3 === 0, c: i % 5 === 0, city: `c${i % 20}`, interests: [`i${i % 7}`] })
  }
  const condition = (i: number): string =>
    [`a`, `b`, `not c`, `city = "c${i % 20}"`, `city in ("c1", "c${i % 20}")`, `interests has any ("i${i % 7}", "i1")`][
      i % 6
    ]!
  const rule = (conditions: number, run: number): string => {
    const groups: string[] = []
    for (let i = 0; i < conditions; i += 4) {
      groups.push(
        `(${Array.from({ length: Math.min(4, conditions - i) }, (_, k) => condition(i + k + run)).join(' or ')})`,
      )
    }
    return `${groups.join(' and ')} // ${run}`
  }
  const rows = [3, 20, 40].map((conditions) => {
    const plan: number[] = []
    const fromText: number[] = []
    for (let run = 0; run < runs; run++) {
      const text = rule(conditions, run)
      const start = performance.now()
      crowd.prepare(text)
      plan.push(performance.now() - start)
      const again = `${text} again`
      const counted = performance.now()
      crowd.count(again)
      fromText.push(performance.now() - counted)
    }
    const prepared = crowd.prepare(rule(conditions, 0))
    const ready: number[] = []
    for (let run = 0; run < runs; run++) {
      const start = performance.now()
      prepared.count()
      ready.push(performance.now() - start)
    }
    return [`${conditions} conditions`, median(plan) * 1_000, median(fromText) * 1_000, median(ready) * 1_000]
  })
  report('planning', [
    {
      title: 'A rule on 1,000 people, medians in µs',
      header: ['rule', 'parse, check, plan', 'count from new text', 'count, prepared'],
      rows,
    },
  ])
}
