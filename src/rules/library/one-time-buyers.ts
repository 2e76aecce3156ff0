/** Bought exactly once, some time ago. */
export const oneTimeBuyers = {
  name: 'one-time buyers',
  title: {
    en: 'One-time buyers',
    zh: '一次性客户',
  },
  description: {
    en: 'Bought exactly once, some time ago.',
    zh: '只购买过一次、且距今已有一段时间的人。',
  },
  parameters: {
    silent: {
      type: 'integer',
      title: {
        en: 'Days since that purchase',
        zh: '距购买天数',
      },
      default: 30,
      min: 1,
    },
    purchase: {
      type: 'event',
      title: {
        en: 'The event of buying',
        zh: '购买事件',
      },
      default: 'purchase',
    },
  },
  rule: 'did $purchase exactly 1 times and days since last $purchase >= $silent',
  example: {
    silent: 60,
  },
} as const
