/**
 * One million people, end to end: `npm run demo`. Every number is true, and all but the times are the same on each run.
 */
import { time } from './page.ts'
import { derivedTags } from './sections/derived-tags.ts'
import { theHeadlineRule } from './sections/headline-rule.ts'
import { numbersOfAnAudience } from './sections/numbers.ts'
import { onePerson } from './sections/one-person.ts'
import { packs } from './sections/packs.ts'
import { pastDays } from './sections/past-days.ts'
import { recencyFrequencyMoney } from './sections/recency-and-money.ts'
import { saveAndLoad } from './sections/save-and-load.ts'
import { sizes } from './sections/sizes.ts'
import { theShop } from './sections/the-shop.ts'
import { theirIds } from './sections/their-ids.ts'
import { weeklyQuestions } from './sections/weekly-questions.ts'
import { asItIsTyped } from './sections/while-typing.ts'

const seed = 618

const began = performance.now()
const crowd = theShop(seed)
theHeadlineRule(crowd)
asItIsTyped(crowd)
pastDays(crowd)
numbersOfAnAudience(crowd)
recencyFrequencyMoney(crowd)
derivedTags(crowd)
weeklyQuestions(crowd)
packs(crowd)
theirIds(crowd, seed)
onePerson(crowd)
await saveAndLoad(crowd)
sizes(crowd)
console.log(`\nDone in ${time(performance.now() - began)}.`)
