import roaring from 'roaring'
import { median } from './measure.ts'
import { mulberry32 } from './population.ts'
import { report } from './report.ts'

const { RoaringBitmap32: R } = roaring
const people = 10_000_000
const rounds = 31

/** Question: what do the operations of `src/bitmap/operation-cost.ts` cost, in µs a container? Its constants come from here. */
export function benchOperationCost(): void {
  const random = mulberry32(7)
  const draw = (share: number): InstanceType<typeof R> => {
    const members = new Uint32Array(people)
    let count = 0
    for (let person = 0; person < people; person++) if (random() < share) members[count++] = person
    return new R(members.subarray(0, count))
  }
  const [a, b, c, small, smaller] = [0.3, 0.3, 0.05, 0.01, 0.005].map(draw) as [
    InstanceType<typeof R>,
    InstanceType<typeof R>,
    InstanceType<typeof R>,
    InstanceType<typeof R>,
    InstanceType<typeof R>,
  ]
  const work: Record<string, () => void> = {
    'bitset ∩ bitset, counted': () => void a.andCardinality(b),
    'bitset ∩ bitset, a bitset of 9 %': () => R.and(a, b).dispose(),
    'bitset ∩ array, an array of 1.5 %': () => R.and(a, c).dispose(),
    'bitset − bitset': () => R.andNot(a, b).dispose(),
    'bitset ∪ bitset': () => R.or(a, b).dispose(),
    'array of 1 % ∩ bitset, counted': () => void small.andCardinality(a),
    'array of 1 % ∩ bitset': () => R.and(small, a).dispose(),
    'array ∩ array, counted': () => void small.andCardinality(smaller),
    'array ∩ array': () => R.and(small, smaller).dispose(),
    'array ∪ array': () => R.or(small, smaller).dispose(),
  }
  const containers = Math.ceil(people / 65_536)
  const rows = Object.entries(work).map(([name, run]) => {
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      run()
      times.push(performance.now() - start)
    }
    return [name, ((median(times) * 1_000) / containers).toFixed(3)]
  })
  report('operation-cost', [{ title: 'Operations, µs a container of 65,536', header: ['operation', 'µs'], rows }])
}
