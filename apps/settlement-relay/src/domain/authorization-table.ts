export type AuthorizationState =
  | 'sending' // journalled, then sent by the handler; after a crash it means unknown
  | 'live' // holds
  | 'shrunk' // holds exactly what will be captured
  | 'kept' // could not be shrunk: holds more than will be captured
  | 'remainder' // captured; the rest is not yet proven free
  | 'captured'
  | 'refunded'
  | 'declined'
  | 'reversing'
  | 'reversed'
  | 'never-sent' // nobody listened: written only by the process that saw it
  | 'listed'; // refused for good: a person decides, and it goes back to where it was listed from or to its end

/** What the store-and-forward queue asks of the card network. */
export const STEPS = ['adjust', 'capture', 'release', 'reverse', 'refund'] as const;
export type Step = (typeof STEPS)[number];

/** What happens to an authorization; `<step>-done` and `<step>-refused` are the network's answers. */
export type AuthorizationEvent =
  | 'approved' // and granted at its amount, or the rail shrinks
  | 'approved-unshrinkable' // and granted below its amount: the rail can only capture less
  | 'declined'
  | 'never-sent'
  | 'given-up' // the settlement ended without it, or costs nothing
  | 'late-approval' // the relay heard of an approval after its deadline (F10)
  | 'part-refunded' // a refund was done, and more may be asked for
  | `${Step}-done`
  | `${Step}-refused`;

type Row = { readonly [Event in AuthorizationEvent]?: AuthorizationState };

/** What becomes of an authorization (`protocol/README.md`, section 5). What is not listed changes nothing. */
// prettier-ignore
export const AUTHORIZATION: Readonly<Record<AuthorizationState, Row>> = {
  sending:      { approved: 'live', 'approved-unshrinkable': 'kept', declined: 'declined', 'never-sent': 'never-sent', 'given-up': 'reversing' },
  live:         { 'adjust-done': 'shrunk', 'adjust-refused': 'kept', 'capture-done': 'captured', 'capture-refused': 'listed', 'given-up': 'reversing' },
  shrunk:       { 'capture-done': 'captured', 'capture-refused': 'listed', 'given-up': 'reversing' },
  kept:         { 'capture-done': 'remainder', 'capture-refused': 'listed', 'given-up': 'reversing' },
  remainder:    { 'release-done': 'captured' },
  captured:     { 'part-refunded': 'captured', 'refund-done': 'refunded', 'refund-refused': 'listed' },
  reversing:    { 'reverse-done': 'reversed', 'reverse-refused': 'listed' },
  listed:       { 'given-up': 'reversing' },
  declined:     { 'late-approval': 'reversing' },
  reversed:     { 'late-approval': 'reversing' },
  'never-sent': { 'late-approval': 'reversing' },
  refunded:     {},
};

/** At most one authorization of an attempt is in one of these, by a unique index: no second hold can begin. */
export const LIVE_STATES: readonly AuthorizationState[] = [
  'sending',
  'live',
  'shrunk',
  'kept',
  'remainder',
  'reversing',
  'listed',
  'captured',
];

export function nextState(state: AuthorizationState, event: AuthorizationEvent): AuthorizationState | null {
  return AUTHORIZATION[state][event] ?? null;
}
