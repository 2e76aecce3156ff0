import { CrowdbitError } from 'crowdbit'
import { headline, prospects } from '../headline.ts'
import { heading, say, table, whole } from '../page.ts'
import type { ShopEngine } from '../shop-schema.ts'
import { timed } from '../timing.ts'

export function asItIsTyped(crowd: ShopEngine): void {
  heading('3  The counts while a rule is being typed')
  say(
    'preview() gives the count of each part, and of the whole without it. A text that is no rule yet says what is missing.\n',
  )
  const texts = [
    '精致妈妈',
    '精致妈妈 and did brwse',
    '精致妈妈 and did browse(colour = "red")',
    '精致妈妈 and did browse(category = "奶粉"',
    `${prospects} minus 用卷`,
    headline,
  ]
  for (const [index, text] of texts.entries()) {
    say(`${index === 0 ? '' : '\n'}> ${text}`)
    try {
      const { result, took } = timed(() => crowd.preview(text))
      say(`${whole(result.count)} people in ${took}`)
      const parts = result.nodes.filter(({ without }) => without !== null)
      if (parts.length > 0) {
        const rows = parts.map(({ rule, count, without }) => [rule, count, without ?? 0])
        table(
          ['  part', 'people', 'whole without it'],
          rows.map(([rule, ...counts]) => [`  ${rule}`, ...counts]),
        )
      }
    } catch (error) {
      if (!(error instanceof CrowdbitError)) throw error
      say(error.message)
    }
  }
}
