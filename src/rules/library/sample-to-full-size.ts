/** Bought the sample and never the full size. */
export const sampleToFullSize = {
  name: 'sample to full size',
  title: {
    en: 'Sample to full size',
    zh: '小样转正装',
  },
  description: {
    en: 'Bought the sample and never the full size.',
    zh: '买过小样、从未买过正装的人。',
  },
  parameters: {
    sample: {
      type: 'text',
      title: {
        en: 'The sample',
        zh: '小样商品',
      },
    },
    fullSize: {
      type: 'text',
      title: {
        en: 'The full size',
        zh: '正装商品',
      },
    },
    days: {
      type: 'integer',
      title: {
        en: 'Days to look back for the sample',
        zh: '小样回溯天数',
      },
      default: 180,
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
    product: {
      type: 'property',
      title: {
        en: 'The product of the event',
        zh: '商品属性',
      },
      default: 'product',
    },
  },
  rule: 'did $purchase($product = $sample) in last $days days including today minus did $purchase($product = $fullSize)',
  example: {
    sample: '面霜 5ml',
    fullSize: '面霜 50ml',
  },
} as const
