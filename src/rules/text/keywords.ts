import { otherWords, type Phrase, phraseWords, vocabulary } from './vocabulary.ts'

export type { RuleLanguage } from './vocabulary.ts'

/** A word with a meaning: a phrase said in one word, or one of the words of an English phrase. */
export type Keyword = Phrase | (typeof phraseWords)[number]

/**
 * Words that are names in double quotes only, in any case. Every other keyword is read as such only where nothing else can
 * stand, so it is free as a name.
 */
export const reservedWords: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'minus', 'xor', 'in', 'has', 'is', 'at', 'contains', 'matches', 'audience'],
  ...['everyone', 'nobody'],
  ...[
    '且',
    '或',
    '非',
    '除去',
    '异或',
    '属于',
    '不属于',
    '含任一',
    '含全部',
    '不含',
    '开头是',
    '包含',
    '匹配',
    '有值',
    '无值',
  ],
  ...['人群', '至少', '所有人', '无人'],
  ...['did', 'first', 'last', 'then', 'within', 'between', 'ever', 'where', 'times', 'including', 'today', 'without'],
  ...['minutes', 'hours', 'days', 'weeks', 'months', 'sum', 'avg', 'min', 'max', 'count', 'distinct'],
  ...['new', 'stopped', 'resumed', 'regular'],
  ...['做过', '未做过', '首次', '最近', '随后', '以内', '介于', '曾经', '其中', '次', '包括', '今天', '期间无'],
  ...['分钟', '小时', '天', '周', '月', '总和', '平均', '最小', '最大', '次数', '去重', '新增', '停止', '恢复', '规律'],
])

const keywords: ReadonlyMap<string, Keyword> = collectKeywords()

/** Where two phrases are said with one word (`of`), it is the first one's: the places tell them apart. */
function collectKeywords(): Map<string, Keyword> {
  const words = new Map<string, Keyword>()
  const add = (word: string, keyword: Keyword) => {
    if (!words.has(word)) words.set(word, keyword)
  }
  for (const [phrase, { en, zh }] of Object.entries(vocabulary) as [Phrase, { en: string; zh: string }][]) {
    if (!en.includes(' ')) add(en, phrase)
    add(zh, phrase)
  }
  for (const word of phraseWords) add(word, word)
  for (const [word, keyword] of Object.entries(otherWords)) add(word, keyword)
  return words
}

const longestWord = Math.max(...[...keywords.keys()].map((word) => word.length))

/** What a word (in NFC) means to the grammar, `null` for a mere name. */
export function keywordOf(word: string): Keyword | null {
  return word.length > longestWord ? null : (keywords.get(word) ?? keywords.get(word.toLowerCase()) ?? null)
}

/** Whether a word (in NFC) is a name in double quotes only. */
export function isReserved(word: string): boolean {
  return word.length <= longestWord && (reservedWords.has(word) || reservedWords.has(word.toLowerCase()))
}

/**
 * A name that may be keywords and names without the blanks between them, spaced out: `非 黑名单` for `非黑名单`.
 * For hints about names that nobody knows; `undefined` when no Chinese keyword is in it.
 */
export function spacedOut(name: string): string | undefined {
  if (name.length > longestSpacedOut) return undefined
  const parts = gluedNumber.exec(name) ?? gluedPrefix.exec(name) ?? gluedInfix.exec(name)
  return parts === null ? undefined : parts.slice(1).join(' ')
}

const longestSpacedOut = 200
const gluedNumber = new RegExp(
  `^(${alternatives(['inLast', 'atLeast', 'atMost', 'exactly', 'moreThan', 'fewerThan'])})([0-9]+)` +
    `(${alternatives(['times', 'minutes', 'hours', 'days', 'weeks', 'months'])})$`,
  'u',
)
const gluedPrefix = new RegExp(
  `^(${alternatives(['not', 'audience', 'atLeast', 'did', 'didNot', 'first'])})(.+)$`,
  'su',
)
const gluedInfix = new RegExp(`^(.+?)(${alternatives(['minus', 'xor', 'and', 'or'])})(.+)$`, 'su')

function alternatives(phrases: readonly Phrase[]): string {
  return phrases.map((phrase) => vocabulary[phrase].zh).join('|')
}
