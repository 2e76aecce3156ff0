/** Took back at least so many purchases in the last days: to leave out of a campaign. */
export const frequentRefunders = {
  name: 'frequent refunders',
  title: {
    en: 'Frequent refunders',
    zh: '高退款客户',
  },
  description: {
    en: 'Took back at least so many purchases in the last days: to leave out of a campaign.',
    zh: '近期多次退款、适合在投放中排除的人。',
  },
  parameters: {
    times: {
      type: 'integer',
      title: {
        en: 'Least refunds',
        zh: '最少退款次数',
      },
      default: 3,
      min: 1,
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back',
        zh: '回溯天数',
      },
      default: 90,
      min: 1,
    },
    refund: {
      type: 'event',
      title: {
        en: 'The event of a refund',
        zh: '退款事件',
      },
      default: 'refund',
    },
  },
  rule: 'did $refund at least $times times in last $days days including today',
  example: {
    times: 2,
  },
} as const
