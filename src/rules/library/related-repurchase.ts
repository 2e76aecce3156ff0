/** Bought one product in the last days and not its companion, and spent enough in all, net of refunds. */
export const relatedRepurchase = {
  name: 'related repurchase',
  title: {
    en: 'Related repurchase',
    zh: '关联复购',
  },
  description: {
    en: 'Bought one product in the last days and not its companion, and spent enough in all, net of refunds.',
    zh: '近期买过 A、没买过常与 A 一起买的 B，且扣除退款后的金额达到门槛。',
  },
  parameters: {
    bought: {
      type: 'text',
      title: {
        en: 'The product that was bought',
        zh: '已购商品',
      },
    },
    related: {
      type: 'text',
      title: {
        en: 'The product to offer',
        zh: '关联商品',
      },
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
    net: {
      type: 'number',
      title: {
        en: 'Least amount net of refunds',
        zh: '最低净金额',
      },
      default: 0,
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
    product: {
      type: 'property',
      title: {
        en: 'The product of the event',
        zh: '商品属性',
      },
      default: 'product',
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
  rule: 'did $purchase($product = $bought) in last $days days including today and not did $purchase($product = $related) in last $days days including today and sum ($amount of $purchase, minus $amount of $refund) in last $days days including today >= $net',
  example: {
    bought: '奶瓶',
    related: '奶嘴',
    net: 100,
  },
} as const
