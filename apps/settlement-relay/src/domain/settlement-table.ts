/** Journal states; `granted` is shown in two phases, before and after it was confirmed. */
export type SettlementState = 'started' | 'granted' | 'cancelled' | 'abandoned';
export type Phase = SettlementState | 'confirmed';

export type Happening =
  | 'swap-early' // S4: the first authorize, not yet sent, is at D
  | 'reverse-first' // S3: A1 reversing, no A2
  | 'ask-again' // S3: A1 reversed; F6: short of funds at P. A2 sending(D)
  | 'grant' // the answers recombined to a price; an immediate capture, or a price of 0, confirms at once
  | 'abandon' // declined, unknown or never sent
  | 'deadline' // the sweeper: of the attempt while it is started, of the confirmation once it is granted
  | 'resolve' // the registry must know
  | 'confirm'
  | 'refund' // of lines, or of all that is left
  | 'void'
  | 'cancel';

type Row = { readonly [Of in Happening]?: Phase };

/** What becomes of a settlement (`protocol`, section 5). What is not listed changes nothing: the answer tells what is. */
// prettier-ignore
export const SETTLEMENT: Readonly<Record<Phase, Row>> = {
  started:   { 'swap-early': 'started', 'reverse-first': 'started', 'ask-again': 'started', grant: 'granted', abandon: 'abandoned',
               deadline: 'abandoned', resolve: 'abandoned', void: 'abandoned', cancel: 'abandoned' },
  granted:   { confirm: 'confirmed', deadline: 'cancelled', void: 'cancelled', cancel: 'cancelled' },
  confirmed: { refund: 'confirmed', cancel: 'cancelled' },
  cancelled: {},
  abandoned: {},
};

/** What a verb makes of an attempt nobody has seen: it is ended before it begins, so a late `settle` cannot charge. */
export const UNSEEN: Readonly<Record<Verb, SettlementState | null>> = {
  cancel: 'abandoned',
  void: 'abandoned',
  resolve: 'abandoned',
  confirm: null,
  refund: null,
};
export type Verb = 'cancel' | 'void' | 'resolve' | 'confirm' | 'refund';

export function nextPhase(phase: Phase, happening: Happening): Phase | null {
  return SETTLEMENT[phase][happening] ?? null;
}
