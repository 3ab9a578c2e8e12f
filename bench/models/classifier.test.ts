/** What the sample domain's own examples teach: a floor under the classifier that needs no file. */
import { fileURLToPath } from 'node:url'
import { loadDomain, type Domain } from '@concord/domain'
import { libraryFolder } from '@concord/domain/testing'
import { trainClassifier } from '@concord/model'
import { expect, test } from 'vitest'
import { accuracy, auroc, isRight } from './classifier-figures.ts'

const folderOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const examplesOf = ({ intents }: Domain) =>
  [...intents.values()].flatMap(({ id, examples }) => examples.map((text) => ({ text, label: id })))

const shop = await loadDomain(folderOf('domains/shop'))
const foreign = [await loadDomain(folderOf('test/domains/clinic')), await loadDomain(libraryFolder)]
const classifier = trainClassifier(examplesOf(shop), { precision: 0.9 })

/** What a person says that each sample is about, by the beginning of its id. Samples that need their history are left out. */
const meant: Readonly<Record<string, string>> = {
  'question-return-window': 'return.policy',
  'question-delivery-country': 'delivery.options',
  'question-delivery-time': 'delivery.time',
  'question-opening-hours': 'contact.hours',
  'question-payment-failed': 'payment.problem',
  'question-payment': 'payment.methods',
  'question-cancellation-fee': 'cancellation.fee',
  'question-password': 'account.password',
  'question-second-address': 'address.add',
  'question-account-level': 'account.switch',
  'question-review': 'feedback.review',
  'question-newsletter': 'newsletter',
  'question-complaint': 'feedback.complaint',
  'question-change-articles': 'order.change',
  'question-premium-sunday': 'contact.hours',
  status: 'order.status',
  'order-unknown': 'order.status',
  giftcard: 'giftcard.balance',
  'conflict-giftcard': 'giftcard.balance',
  'order-of-somebody-else': 'order.cancel',
  'not-signed-in': 'order.cancel',
  cancel: 'order.cancel',
  'missing-order-number-story': 'order.status',
  'missing-order-number': 'order.cancel',
  return: 'return.request',
  refund: 'refund.request',
  damaged: 'item.damaged',
  exchange: 'exchange.request',
  address: 'address.change',
  email: 'account.email',
  marketing: 'marketing.stop',
  'close-account': 'account.close',
  invoice: 'invoice.copy',
  'missing-invoice': 'invoice.copy',
  'conflict-electronics': 'return.policy',
  'conflict-free-delivery': 'delivery.options',
  'conflict-refund-time': 'refund.policy',
  'conflict-kettle': 'warranty',
  'out-of-scope-weather': 'other.smalltalk',
  'out-of-scope-job': 'other.jobs',
  'wants-person': 'contact.person',
}

const meaning = (id: string) =>
  Object.entries(meant)
    .filter(([beginning]) => id.startsWith(beginning))
    .toSorted(([a], [b]) => b.length - a.length)[0]?.[1]
const samples = shop.samples.flatMap(({ id, request }) => {
  const right = meaning(id)
  return right === undefined ? [] : [{ said: classifier.classify(request.text), right, id }]
})

test('the samples are recognised by the examples alone', () => {
  expect(samples.length).toBeGreaterThan(55)
  expect(samples.filter(({ right }) => !shop.intents.has(right))).toEqual([])
  expect(accuracy(samples)).toBeGreaterThanOrEqual(0.95)
})

test('where the classifier is sure of a sample it is right, and it is sure of most', () => {
  const sure = samples.filter(({ said }) => said.confident)
  expect(sure.filter((sample) => !isRight(sample)).map(({ id }) => id)).toEqual([])
  expect(sure.length / samples.length).toBeGreaterThan(0.7)
})

test('examples that were held out are recognised, though no two are alike', () => {
  expect(classifier.heldOut.texts).toBeGreaterThan(500)
  expect(classifier.heldOut.accuracy).toBeGreaterThanOrEqual(0.7)
  expect(classifier.heldOut.threshold.precision).toBeGreaterThanOrEqual(0.9)
  expect(classifier.heldOut.threshold.share).toBeGreaterThan(0.35)
})

test('messages of other trades are told from those of this one', () => {
  const scopeOf = (text: string) => classifier.classify(text).inScope
  const others = foreign.flatMap(examplesOf).map(({ text }) => text)
  const ours = samples.map(({ said }) => said.inScope)
  expect(others.length).toBeGreaterThan(60)
  expect(auroc(ours, others.map(scopeOf))).toBeGreaterThanOrEqual(0.9)
  expect(others.filter((text) => classifier.classify(text).confident).length / others.length).toBeLessThan(0.12)
})

test.each(['injection-rules', 'legal-threat', 'safety', 'nonsense', 'other-language', 'follow-up-electronics'])(
  'the sample %s is nothing to be sure of',
  (id) => {
    const sample = shop.samples.find((one) => one.id === id)
    expect(classifier.classify(sample?.request.text ?? id).confident).toBe(false)
  },
)
