/** Spent enough in the last days, net of refunds. */
export const highValue = {
  name: 'high value',
  title: {
    en: 'High value',
    zh: '高价值客户',
  },
  description: {
    en: 'Spent enough in the last days, net of refunds.',
    zh: '近期净消费金额达到门槛的人。',
  },
  parameters: {
    least: {
      type: 'number',
      title: {
        en: 'Least amount',
        zh: '最低金额',
      },
      default: 1000,
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back',
        zh: '回溯天数',
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
    refund: {
      type: 'event',
      title: {
        en: 'The event of a refund',
        zh: '退款事件',
      },
      default: 'refund',
    },
    amount: {
      type: 'property',
      title: {
        en: 'The amount of the event',
        zh: '金额属性',
      },
      default: 'amount',
    },
  },
  rule: 'sum ($amount of $purchase, minus $amount of $refund) in last $days days including today >= $least',
  example: {
    least: 2000,
  },
} as const
