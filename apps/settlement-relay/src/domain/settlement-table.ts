/** Journal states; `granted` is shown in two phases, before and after it was confirmed. */
export type SettlementState = 'started' | 'granted' | 'cancelled' | 'abandoned';
export type Phase = SettlementState | 'confirmed';

export type Happening =
  | 'grant' // the answers recombined to a price; an immediate capture, or a price of 0, confirms at once
  | 'ask-again' // short of funds at P, coupon in hand: A1 declined, A2 sending(D)
  | 'abandon' // declined, unknown or never sent
  | 'deadline' // the sweeper: of the attempt while it is started, of the confirmation once it is granted
  | 'resolve' // the registry must know
  | 'confirm'
  | 'void'
  | 'cancel';

const same = null;

/** What becomes of a settlement (`protocol/README.md`, section 5). `same`: nothing changes, the answer tells what is. */
// prettier-ignore
export const SETTLEMENT = {
  started:   { grant: 'granted', 'ask-again': 'started', abandon: 'abandoned', deadline: 'abandoned', resolve: 'abandoned', confirm: same,        void: 'abandoned', cancel: 'abandoned' },
  granted:   { grant: same,      'ask-again': same,      abandon: same,        deadline: 'cancelled', resolve: same,        confirm: 'confirmed', void: 'cancelled', cancel: 'cancelled' },
  confirmed: { grant: same,      'ask-again': same,      abandon: same,        deadline: same,        resolve: same,        confirm: same,        void: same,        cancel: 'cancelled' },
  cancelled: { grant: same,      'ask-again': same,      abandon: same,        deadline: same,        resolve: same,        confirm: same,        void: same,        cancel: same },
  abandoned: { grant: same,      'ask-again': same,      abandon: same,        deadline: same,        resolve: same,        confirm: same,        void: same,        cancel: same },
} as const satisfies Record<Phase, Record<Happening, Phase | null>>;

/** What a verb makes of an attempt nobody has seen: it is ended before it begins, so a late `settle` cannot charge. */
export const UNSEEN = {
  cancel: 'abandoned',
  void: 'abandoned',
  resolve: 'abandoned',
  confirm: same,
} as const satisfies Record<'cancel' | 'void' | 'resolve' | 'confirm', SettlementState | null>;

export function nextPhase(phase: Phase, happening: Happening): Phase | null {
  return SETTLEMENT[phase][happening];
}
