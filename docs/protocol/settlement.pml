/*
 * Couplet: the settlement protocol, small enough that a machine tries every order of events.
 *
 * Read this first, if you never saw Promela
 * -----------------------------------------
 * A `proctype` is a program that runs beside the others. Every program here is one loop (`do … od`) of rules
 *     :: atomic { condition -> effects }
 * A rule may fire whenever its condition holds; it fires as a whole, as a database transaction does. Spin tries every
 * rule in every order. So "crash at any step" and "deadline at any moment" are ordinary rules that may fire at any time.
 *
 * Three kinds of memory
 * ---------------------
 *   durable   survives a crash (PostgreSQL, and what the card network remembers)
 *   volatile  lost in a crash (the running handler of settlement-relay); the record `Run` below
 *   wires     messages under way: 1 = a copy exists
 *
 * Two kinds of wire, chosen when compiling
 * ----------------------------------------
 *   -DSOUP   a message once sent stays for ever and may arrive never, late, many times, after any other: loss,
 *            duplication, delay and reordering without bound, and any number of crashes. For safety.
 *   default  at most FAULTS losses or duplications and CRASHES crashes; messages may still overtake one another. For
 *            liveness ("it ends") and for two whole attempts at once.
 *
 * Other switches: NO_… removes a safeguard, TEXT_… takes the protocol in an earlier wording, which fails.
 * With none of them the model is the repaired protocol, and must hold.
 */

#ifndef N
#define N 1            /* attempts; they compete for one coupon */
#endif
#ifndef P
#define P 2            /* full price */
#endif
#ifndef CREDIT
#define CREDIT 0       /* 1: the coupon takes nothing off at the till: granted at P with it, and P-1 is left once the rest is credited */
#endif
#if CREDIT
#define D P            /* what the shopper pays; the credit is 1 */
#endif
#ifndef D
#define D 1            /* discounted price; 0 = the coupon pays all */
#endif
#ifndef FAULTS
#define FAULTS 2       /* losses and duplications, together (not with SOUP) */
#endif
#ifndef CRASHES
#define CRASHES 1      /* crashes of settlement-relay (not with SOUP) */
#endif
#ifndef EARLY
#define EARLY 0        /* 1: S4, the first authorize may be held back for the coupon, and then asks for D */
#endif
#ifndef SHRINK
#define SHRINK 1       /* 1: rail of S1 (adjust, then capture); 0: rail of S3 (reverse, then authorize again) */
#endif
#ifndef CANCEL
#define CANCEL 0       /* 1: the terminal may cancel, before or after the answer, until it is acknowledged */
#endif
#ifndef ONCONFIRM
#define ONCONFIRM 0    /* 1: capture "on-confirm": nothing is captured before `confirm`; a deadline voids */
#endif
#ifndef CAPFAIL
#define CAPFAIL 0      /* 1: the network may refuse a capture for good (F18) */
#endif
#ifndef RESIDUE
#define RESIDUE 1      /* 1: a capture of D leaves the rest of the hold standing until it is released (F4) */
#endif
/* PLAIN: the network only approves and the terminal waits; makes two whole attempts (N=2) small enough to finish. */
#ifndef RIVAL
#define RIVAL 0        /* 1: somebody else takes, gives back or uses up the coupon at any time */
#endif

/* Settlement, durable in settlement-relay. */
mtype:settlement = { NONE, STARTED, GRANTED, ABANDONED, CANCELLED };

/* One authorization as settlement-relay journals it. KEPT = could not be shrunk (S2), REMAINDER = D captured, P-D not yet
 * proven free, LISTED = on the list that a person sees. */
mtype:auth = { A_NONE, A_SENDING, A_LIVE, A_SHRUNK, A_KEPT, A_REMAINDER, A_CAPTURED, A_REFUNDED, A_DECLINED, A_REVERSING, A_REVERSED, A_LISTED };

/* One authorization as the card network remembers it. */
mtype:net = { N_UNSEEN, N_HELD, N_INSUFFICIENT, N_DECLINED, N_REVERSED, N_CAPTURED, N_NOCAPTURE };

/* Reservation of the coupon for one settlement, durable in medium-registry. RELEASED is also the tombstone. */
mtype:reservation = { R_NONE, R_EMPTY, R_RESERVED, R_CONSUMED, R_RELEASED, R_ROLLEDBACK };

/* What the terminal believes. T_OKP / T_OKD = it was told "approved" at P / at D. */
mtype:terminal = { T_IDLE, T_WAIT, T_OKP, T_OKD, T_NO, T_GONE, T_CONFIRMING, T_CONFIRMED, T_CANCELLING, T_CANCELLED };

/* What the running handler has learned. */
mtype:answer = { UNKNOWN, APPROVED, INSUFFICIENT, DECLINED, FOUND, NOCOUPON };

typedef Settlement {            /* durable, settlement-relay */
  mtype:settlement st;
  byte amt;                     /* granted amount */
  bit withCoupon;               /* granted with the coupon */
  bit credited;                 /* CREDIT: the card network has given it */
  bit confirmed                 /* may be captured */
}
typedef Run {                   /* volatile, settlement-relay: the handler of one attempt */
  bit on, sentAuth, sentReserve, sentAuth2;
  mtype:answer card, coupon
}
typedef Reservation {           /* durable, medium-registry: state, and inbox marks of the four events */
  mtype:reservation st;
  bit sawGrantedD, sawGrantedP, sawAbandoned, sawRolledBack
}
typedef Ledger {                /* durable, clearing: what the funding party is billed, and its inbox marks */
  short bill;
  bit sawGrantedD, sawRolledBack
}
typedef Auth {                  /* authorization x = 2*attempt (first, at P) or 2*attempt+1 (second, at D) */
  mtype:auth j;                 /* durable, settlement-relay: the journal */
  mtype:net n;                  /* durable, card network … */
  bit low;                      /* S4, durable, settlement-relay: the first authorize asks for D */
  byte hold, captured;          /* … what it holds of the shopper's money, and what it took */
  bit authorize, approved, insufficient, declined;      /* wires: requests and answers */
  bit reverse, reverseDone, reverseRefused;
  bit adjust, adjustDone, adjustRefused;
  bit capture, captureDone, captureRefused;
  bit release, releaseDone;                             /* of the remainder after a capture of less */
  bit refund, refundDone;
  bit credit, creditDone;                               /* the refund of 1 that was planned with the grant */
  bit gaveCredit, gaveRest                              /* durable, card network: one request, one effect */
}
typedef Wire {                  /* wires of one attempt outside the card network */
  bit settle, sayP, sayD, sayNo;
  bit cancel, sayCancelled;
  bit confirm, sayConfirmed;
  bit reserve, found, noCoupon;
  bit resolve, endedD, endedWithout, endedBack;         /* the registry asks how it ended, and the answers */
  bit evGrantedD, evGrantedP, evAbandoned, evRolledBack /* events: never lost, may repeat, any order */
}

Settlement s[N];  Run h[N];  Reservation r[N];  Wire w[N];  mtype:terminal t[N];  bit again[N];
Ledger c[N];
Auth x[2*N];

#define FREE 9
#define THERIVAL 8
byte owner = FREE;              /* durable, medium-registry: who holds the one coupon */
byte uses = 0;                  /* how often it is consumed, roll-backs subtracted */
#ifndef SOUP
byte faults = FAULTS;
byte crashes = CRASHES;
#define MAYCRASH   (crashes > 0)
#define COUNTCRASH crashes--
#else
#define MAYCRASH   true
#define COUNTCRASH skip
#endif

/* ---- wires ------------------------------------------------------------------------------------------------------ */

#ifdef SOUP
#define send(m)      m = 1
#define take(m)      skip                                                      /* the copy stays: it may come again */
#else
inline send(m) { if :: m = 1 :: faults > 0 -> faults-- fi }                    /* sent, or lost */
inline take(m) { if :: m = 0 :: faults > 0 -> faults-- fi }                    /* arrived; a second copy may remain */
#endif
#ifdef NO_OUTBOX
#define publish(m)   send(m)       /* published after the commit, from memory: may be lost */
#else
#define publish(m)   m = 1         /* outbox: written with the state, never lost, kept: any consumer may meet it again */
#endif

/* ---- settlement-relay: the commits ------------------------------------------------------------------------------- */

#ifdef NO_JOURNAL
#define UNDECIDED(a) (s[a].st == STARTED || s[a].st == NONE)
#else
#define UNDECIDED(a) (s[a].st == STARTED)
#endif
#ifdef TEXT_GRANT_UNGUARDED
#define MAYGRANT(a)  (s[a].st == STARTED || s[a].st == ABANDONED)
#else
#define MAYGRANT(a)  UNDECIDED(a)
#endif

#ifdef TEXT_SECOND_UNGUARDED
#define MAYASKAGAIN(a) (s[a].st == STARTED || s[a].st == ABANDONED)
#else
#define MAYASKAGAIN(a) UNDECIDED(a)
#endif
#ifdef NO_UNIQUE
#define FIRST_IS_OUT(a) (x[2*a].j == A_REVERSING || x[2*a].j == A_REVERSED)
#else
#define FIRST_IS_OUT(a) (x[2*a].j == A_REVERSED)
#endif

/* One commit: the end without a sale. Everything that may hold money gets a durable reversal. */
inline reverse_open(q) {
  if
#ifdef NO_DURABLE_REVERSAL
  :: x[q].j == A_SENDING || x[q].j == A_LIVE || x[q].j == A_SHRUNK || x[q].j == A_KEPT -> x[q].j = A_REVERSED; send(x[q].reverse) /* from memory, once */
#else
  :: x[q].j == A_SENDING || x[q].j == A_LIVE || x[q].j == A_SHRUNK || x[q].j == A_KEPT -> x[q].j = A_REVERSING
#endif
  :: else
  fi
}
inline abandon(a) {
  s[a].st = ABANDONED;
  reverse_open(2*a); reverse_open(2*a+1);
  publish(w[a].evAbandoned)
}

/* One commit: the point of no return. The live authorization is the second one where there is a second one. */
inline grant(a, amount, coupon) {
  s[a].st = GRANTED; s[a].amt = amount; s[a].withCoupon = coupon; s[a].confirmed = (ONCONFIRM == 0 || amount == 0);
  if
  :: x[2*a+1].j == A_SENDING -> x[2*a+1].j = A_LIVE
  :: x[2*a+1].j != A_SENDING && (x[2*a].j == A_SENDING || x[2*a].j == A_NONE || x[2*a].j == A_REVERSING) ->
       if :: amount == 0 -> x[2*a].j = A_REVERSING :: else -> x[2*a].j = A_LIVE fi
  :: else
  fi;
  if :: coupon -> publish(w[a].evGrantedD) :: else -> publish(w[a].evGrantedP) fi
}

/* The answer is read from the journal at the moment of answering, never from memory. */
inline answer(a) {
  if
  :: s[a].st == GRANTED && s[a].withCoupon  -> send(w[a].sayD)
  :: s[a].st == GRANTED && !s[a].withCoupon -> send(w[a].sayP)
  :: s[a].st == ABANDONED -> send(w[a].sayNo)
#ifdef TEXT_STALE_ANSWER
  :: s[a].st == CANCELLED && s[a].withCoupon  -> send(w[a].sayD)   /* "a repeat gets the stored answer" */
  :: s[a].st == CANCELLED && !s[a].withCoupon -> send(w[a].sayP)
#else
  :: s[a].st == CANCELLED -> send(w[a].sayNo)
#endif
  :: else                                                           /* attempt-in-progress */
  fi
}

/* Void (not yet confirmed) or cancel (confirmed): one state, two ways for the money. */
inline cancel_granted(a) {
  s[a].st = CANCELLED;
  if
#ifdef TEXT_CANCEL_REVERSES
  :: true -> reverse_open(2*a); reverse_open(2*a+1)
#else
  :: !s[a].confirmed -> reverse_open(2*a); reverse_open(2*a+1)
  :: s[a].confirmed                            /* the queue finishes the capture, then refunds: never a reversal that races a capture */
#endif
  fi;
  publish(w[a].evRolledBack)
}

/* ---- settlement-relay: requests that arrive ----------------------------------------------------------------------- */
proctype Front(byte a) {
  end: do
  :: atomic { w[a].settle -> take(w[a].settle);
       if
       :: s[a].st == NONE && !h[a].on ->
#ifndef NO_JOURNAL
            s[a].st = STARTED; x[2*a].j = A_SENDING;    /* journal first: one commit, before anything is sent */
#endif
            h[a].on = 1
       :: else -> answer(a)
       fi }

  /* medium-registry asks how a settlement ended. An undecided one is decided first; "still running" is no answer. */
  :: atomic { w[a].resolve -> take(w[a].resolve);
       if :: s[a].st == NONE -> s[a].st = ABANDONED; publish(w[a].evAbandoned)
          :: s[a].st == STARTED -> abandon(a)
          :: else fi;
       if :: s[a].st == GRANTED && s[a].withCoupon -> send(w[a].endedD)
          :: s[a].st == CANCELLED -> send(w[a].endedBack)
          :: else -> send(w[a].endedWithout) fi }

#if CANCEL
  :: atomic { w[a].cancel -> take(w[a].cancel);
       if
       :: s[a].st == NONE ->
#ifndef TEXT_CANCEL_UNKNOWN
            s[a].st = ABANDONED; publish(w[a].evAbandoned)   /* cancel overtook settle: the row refuses the settle to come */
#else
            skip                                             /* "nothing to cancel" and nothing is written */
#endif
       :: s[a].st == STARTED -> abandon(a)
       :: s[a].st == GRANTED -> cancel_granted(a)
       :: else
       fi;
       send(w[a].sayCancelled) }
#endif
#if ONCONFIRM
  :: atomic { w[a].confirm -> take(w[a].confirm);
       if
       :: s[a].st == GRANTED -> s[a].confirmed = 1; send(w[a].sayConfirmed)
       :: s[a].st == CANCELLED -> send(w[a].sayCancelled)
       :: else
       fi }
#endif
  od
}

/* ---- settlement-relay: the handler of one attempt (volatile) ------------------------------------------------------ */
proctype Handler(byte a) {
  end: do
  /* Fan out. */
  :: atomic { h[a].on && !h[a].sentAuth    -> h[a].sentAuth = 1;    send(x[2*a].authorize) }
  :: atomic { h[a].on && !h[a].sentReserve -> h[a].sentReserve = 1; send(w[a].reserve) }

  /* Learn. A search that is late counts as no coupon. */
  :: atomic { h[a].on && h[a].card == UNKNOWN && x[2*a].approved     -> h[a].card = APPROVED }
  :: atomic { h[a].on && h[a].card == UNKNOWN && x[2*a].insufficient -> h[a].card = INSUFFICIENT }
  :: atomic { h[a].on && h[a].card == UNKNOWN && x[2*a].declined     -> h[a].card = DECLINED }
  :: atomic { h[a].on && h[a].coupon == UNKNOWN && w[a].found        -> h[a].coupon = FOUND }
  :: atomic { h[a].on && h[a].coupon == UNKNOWN && w[a].noCoupon     -> h[a].coupon = NOCOUPON }
  :: atomic { h[a].on && h[a].coupon == UNKNOWN && h[a].card != UNKNOWN -> h[a].coupon = NOCOUPON }

#if EARLY && !CREDIT
  /* S4: the coupon was faster than the patience: journalled at D, still not sent. A coupon that pays all asks nobody. */
  :: atomic { h[a].on && UNDECIDED(a) && h[a].coupon == FOUND && !h[a].sentAuth && x[2*a].j == A_SENDING && !x[2*a].low ->
                 if :: D == 0 -> h[a].sentAuth = 1; grant(a, D, 1); x[2*a].j = A_REVERSED :: else -> x[2*a].low = 1 fi }
  :: atomic { h[a].on && MAYGRANT(a) && h[a].card == APPROVED && h[a].coupon == FOUND && x[2*a].low -> grant(a, D, 1) }
  :: atomic { h[a].on && UNDECIDED(a) && h[a].card == INSUFFICIENT && x[2*a].low -> x[2*a].j = A_DECLINED; abandon(a) }
#endif

  /* Recombine; each line is one commit that holds only while the attempt is undecided. */
  :: atomic { h[a].on && MAYGRANT(a) && h[a].card == APPROVED && h[a].coupon == NOCOUPON -> grant(a, P, 0) }
  :: atomic { h[a].on && UNDECIDED(a) && h[a].card == DECLINED -> x[2*a].j = A_DECLINED; abandon(a) }
  :: atomic { h[a].on && UNDECIDED(a) && h[a].card == INSUFFICIENT && (h[a].coupon == NOCOUPON || CREDIT) ->
                 x[2*a].j = A_DECLINED; abandon(a) }
#if SHRINK || D == 0 || CREDIT
  :: atomic { h[a].on && MAYGRANT(a) && h[a].card == APPROVED && h[a].coupon == FOUND -> grant(a, D, 1) }
#else
  /* S3: reverse the first, durably, while still `started`; the queue sends it. */
  :: atomic { h[a].on && UNDECIDED(a) && h[a].card == APPROVED && h[a].coupon == FOUND && x[2*a].j == A_SENDING && !x[2*a].low ->
                 x[2*a].j = A_REVERSING }
  /* The second authorization is journalled only when the first is out of the way, in a commit that locks the attempt. */
  :: atomic { h[a].on && h[a].card == APPROVED && h[a].coupon == FOUND && x[2*a+1].j == A_NONE &&
              MAYASKAGAIN(a) && FIRST_IS_OUT(a) -> x[2*a+1].j = A_SENDING }
#endif
#if !CREDIT
  /* F6: declined for insufficient funds with the coupon in hand: asked once more, at D. A credit makes nothing payable. */
  :: atomic { h[a].on && h[a].card == INSUFFICIENT && h[a].coupon == FOUND && x[2*a+1].j == A_NONE && MAYASKAGAIN(a) && !x[2*a].low ->
                 x[2*a].j = A_DECLINED;
                 if :: D == 0 && UNDECIDED(a) -> grant(a, D, 1) :: else -> x[2*a+1].j = A_SENDING fi }
#endif

  :: atomic { h[a].on && x[2*a+1].j == A_SENDING && !h[a].sentAuth2 -> h[a].sentAuth2 = 1; send(x[2*a+1].authorize) }
  :: atomic { h[a].on && MAYGRANT(a) && x[2*a+1].j == A_SENDING && x[2*a+1].approved -> grant(a, D, 1) }
  :: atomic { h[a].on && UNDECIDED(a) && x[2*a+1].j == A_SENDING && (x[2*a+1].insufficient || x[2*a+1].declined) ->
                 x[2*a+1].j = A_DECLINED; abandon(a) }
#ifdef TEXT_LATE_COUPON
  /* F5 as written: a coupon that comes after the answer, but before the capture, "still applies". */
  :: atomic { h[a].on && s[a].st == GRANTED && !s[a].withCoupon && x[2*a].j == A_LIVE && w[a].found && !x[2*a].capture ->
                 s[a].amt = D; s[a].withCoupon = 1; publish(w[a].evGrantedD) }
#endif

  /* Decided, by whomever: answer from the journal, and end. */
  :: atomic { h[a].on && !UNDECIDED(a) -> answer(a);
#ifndef TEXT_LATE_COUPON
              h[a].on = 0; h[a].sentAuth = 0; h[a].sentReserve = 0; h[a].sentAuth2 = 0; h[a].card = UNKNOWN; h[a].coupon = UNKNOWN
#endif
            }
  od
}

/* Crash and restart: the handler forgets. Wires keep what was sent; the journal keeps what was committed. */
proctype Crash(byte a) {
  end: do
  :: atomic { h[a].on && MAYCRASH -> COUNTCRASH; h[a].on = 0; h[a].sentAuth = 0; h[a].sentReserve = 0; h[a].sentAuth2 = 0; h[a].card = UNKNOWN; h[a].coupon = UNKNOWN }
  od
}

/* Sweeper: the deadline of an undecided attempt. It may fire at any time, also beside a running handler. */
proctype Sweeper(byte a) {
  end: do
  :: atomic { s[a].st == STARTED -> abandon(a) }
#if ONCONFIRM
  :: atomic { s[a].st == GRANTED && !s[a].confirmed -> cancel_granted(a) }
#endif
  od
}

/* Store-and-forward queue to the card network: reads the journal and nothing else, repeats until answered. */
proctype Queue(byte a; byte q) {
  end: do
  :: atomic { x[q].j == A_REVERSING && !x[q].reverse && !x[q].reverseDone && !x[q].reverseRefused -> send(x[q].reverse) }
  :: atomic { x[q].j == A_REVERSING && x[q].reverseDone -> take(x[q].reverseDone); x[q].j = A_REVERSED }
#ifdef TEXT_CANCEL_REVERSES
  :: atomic { x[q].j == A_REVERSING && x[q].reverseRefused -> take(x[q].reverseRefused); x[q].j = A_REVERSED }
#endif
#define ENDS_AT_D (s[a].st == GRANTED || (s[a].st == CANCELLED && s[a].confirmed))
#define SHRINKS   (SHRINK && q == 2*a && s[a].amt < P && !x[q].low)
  :: atomic { ENDS_AT_D && SHRINKS && x[q].j == A_LIVE && !x[q].adjust && !x[q].adjustDone && !x[q].adjustRefused -> send(x[q].adjust) }
  :: atomic { ENDS_AT_D && x[q].j == A_LIVE && x[q].adjustDone    -> take(x[q].adjustDone); x[q].j = A_SHRUNK }
  :: atomic { ENDS_AT_D && x[q].j == A_LIVE && x[q].adjustRefused -> take(x[q].adjustRefused); x[q].j = A_KEPT }   /* F4: fall to S2 */
#define CAPTURABLE (ENDS_AT_D && s[a].confirmed && (x[q].j == A_SHRUNK || x[q].j == A_KEPT || (x[q].j == A_LIVE && !SHRINKS)))
  :: atomic { CAPTURABLE && !x[q].capture && !x[q].captureDone && !x[q].captureRefused -> send(x[q].capture) }
  :: atomic { CAPTURABLE && x[q].captureDone -> take(x[q].captureDone);
#ifdef TEXT_F4
       x[q].j = A_CAPTURED                                                       /* step 6 names nothing after the capture */
#else
       if :: x[q].j == A_KEPT -> x[q].j = A_REMAINDER :: else -> x[q].j = A_CAPTURED fi
#endif
     }
  :: atomic { x[q].j == A_REMAINDER && !x[q].release && !x[q].releaseDone -> send(x[q].release) }
  :: atomic { x[q].j == A_REMAINDER && x[q].releaseDone -> take(x[q].releaseDone); x[q].j = A_CAPTURED }
  :: atomic { CAPTURABLE && x[q].captureRefused -> take(x[q].captureRefused);
#ifdef TEXT_F18
       x[q].j = A_REVERSING; s[a].st = CANCELLED; publish(w[a].evRolledBack)     /* "reverse D, roll the coupon back" */
#else
       x[q].j = A_LISTED                                                         /* a person decides; the grant stands meanwhile */
#endif
     }
  :: atomic { s[a].st == CANCELLED && x[q].j == A_LISTED -> x[q].j = A_REVERSING }
  /* One refund after the other, in the order of the journal: what was owed from the grant on, then what a cancel gives back. */
#define CREDITDUE(q) (CREDIT && s[a].withCoupon && s[a].confirmed && !s[a].credited && x[q].j == A_CAPTURED)
  :: atomic { CREDITDUE(q) && !x[q].credit && !x[q].creditDone -> send(x[q].credit) }
  :: atomic { CREDITDUE(q) && x[q].creditDone -> take(x[q].creditDone); s[a].credited = 1 }
  :: atomic { s[a].st == CANCELLED && !CREDITDUE(q) && x[q].j == A_CAPTURED && !x[q].refund && !x[q].refundDone -> send(x[q].refund) }
  :: atomic { s[a].st == CANCELLED && !CREDITDUE(q) && x[q].j == A_CAPTURED && x[q].refundDone -> take(x[q].refundDone); x[q].j = A_REFUNDED }
  od
}

/* What a cancel gives back beside what was credited. */
#ifdef TEXT_CANCEL_FORGETS_CREDIT
#define REST(a) (s[a].amt)
#else
#define REST(a) (s[a].amt - (CREDIT && s[a].withCoupon))
#endif

/* ---- card network (with the payment-network relay before it): remembers everything, idempotent by id ------------------ */
proctype Network(byte a; byte q) {
  end: do
  :: atomic { x[q].authorize -> take(x[q].authorize);
       if
       :: x[q].n == N_UNSEEN ->
            if
            :: x[q].n = N_HELD; if :: q == 2*a && !x[q].low -> x[q].hold = P :: else -> x[q].hold = D fi; send(x[q].approved)
#ifndef PLAIN
            :: x[q].n = N_INSUFFICIENT; send(x[q].insufficient)
            :: x[q].n = N_DECLINED;     send(x[q].declined)
#endif
            fi
       :: x[q].n == N_INSUFFICIENT -> send(x[q].insufficient)
       :: x[q].n == N_DECLINED || x[q].n == N_REVERSED -> send(x[q].declined)
       :: else -> send(x[q].approved)
       fi }
  :: atomic { x[q].reverse -> take(x[q].reverse);
       if
#if defined(TEXT_REVERSE_FORGETS)
       :: x[q].n == N_UNSEEN -> send(x[q].reverseDone)          /* "unknown-authorization", taken as acknowledged, nothing kept */
#elif defined(TEXT_REVERSE_UNKNOWN)
       :: x[q].n == N_UNSEEN -> skip                            /* "unknown-authorization", not an acknowledgement: asked again, for ever */
#else
       :: x[q].n == N_UNSEEN -> x[q].n = N_REVERSED; send(x[q].reverseDone)
#endif
       :: x[q].n == N_HELD || x[q].n == N_NOCAPTURE -> x[q].n = N_REVERSED; x[q].hold = 0; send(x[q].reverseDone)
       :: x[q].n == N_REVERSED || x[q].n == N_INSUFFICIENT || x[q].n == N_DECLINED -> send(x[q].reverseDone)
       :: x[q].n == N_CAPTURED -> send(x[q].reverseRefused)
       fi }
  :: atomic { x[q].adjust -> take(x[q].adjust);
       if
       :: x[q].n == N_HELD -> x[q].hold = D; send(x[q].adjustDone)
       :: send(x[q].adjustRefused)                              /* F4, or too late */
       fi }
  :: atomic { x[q].capture -> take(x[q].capture);
       if
       :: x[q].n == N_HELD -> x[q].n = N_CAPTURED; x[q].captured = s[a].amt;
            if :: RESIDUE && x[q].hold > s[a].amt -> x[q].hold = x[q].hold - s[a].amt :: else -> x[q].hold = 0 fi;
            send(x[q].captureDone)
       :: x[q].n == N_CAPTURED -> send(x[q].captureDone)
#if CAPFAIL
       :: x[q].n == N_HELD -> x[q].n = N_NOCAPTURE; send(x[q].captureRefused)
#endif
       :: x[q].n != N_HELD && x[q].n != N_CAPTURED -> send(x[q].captureRefused)
       fi }
  :: atomic { x[q].release -> take(x[q].release); x[q].hold = 0; send(x[q].releaseDone) }
  :: atomic { x[q].credit -> take(x[q].credit);
       if :: !x[q].gaveCredit -> x[q].gaveCredit = 1; x[q].captured = x[q].captured - 1 :: else fi;
       send(x[q].creditDone) }
  :: atomic { x[q].refund -> take(x[q].refund);
       if :: !x[q].gaveRest -> x[q].gaveRest = 1; x[q].captured = x[q].captured - REST(a) :: else fi;
       send(x[q].refundDone) }
  od
}

/* ---- medium-registry -------------------------------------------------------------------------------------------------
 * Each rule is one transaction with its reply. A crash before the commit = the message was lost; after it = the reply was
 * lost (requests) or the event comes again (no acknowledgement). Both are in the wires, so it needs no crash of its own. */

inline consume(a) {
#ifdef NO_MONOTONE
  r[a].st = R_CONSUMED; owner = a; uses++
#else
  if :: r[a].st == R_RESERVED -> r[a].st = R_CONSUMED; uses++ :: else fi
#endif
}
inline give_back(a) {
  if :: r[a].st == R_RESERVED -> r[a].st = R_RELEASED; owner = FREE
#ifndef NO_TOMBSTONE
     :: r[a].st == R_NONE -> r[a].st = R_RELEASED
#endif
     :: else fi
}
inline roll_back(a) {
  if :: r[a].st == R_CONSUMED -> r[a].st = R_ROLLEDBACK; owner = FREE; uses--
#ifndef TEXT_ROLLBACK_ORDER
     :: r[a].st == R_RESERVED -> r[a].st = R_ROLLEDBACK; owner = FREE    /* overtook `granted`, which will find nothing to do */
#endif
     :: r[a].st == R_NONE -> r[a].st = R_RELEASED
     :: else fi
}
#ifdef NO_INBOX
#define FRESH(mark) true
#else
#define FRESH(mark) !mark
#endif

proctype Registry(byte a) {
  end: do
  :: atomic { w[a].reserve -> take(w[a].reserve);
       if
       :: r[a].st == R_NONE && owner == FREE -> r[a].st = R_RESERVED; owner = a; send(w[a].found)
       :: r[a].st == R_NONE && owner != FREE -> r[a].st = R_EMPTY; send(w[a].noCoupon)
       :: r[a].st == R_RESERVED || r[a].st == R_CONSUMED -> send(w[a].found)
       :: else -> send(w[a].noCoupon)
       fi }

  :: atomic { w[a].evGrantedD   && FRESH(r[a].sawGrantedD)   -> r[a].sawGrantedD = 1;   consume(a) }
#ifdef TEXT_KEEP_P_BLIND
  :: atomic { w[a].evGrantedP   && FRESH(r[a].sawGrantedP)   -> r[a].sawGrantedP = 1;   consume(a) }
#elif defined(TEXT_KEEP_P_SILENT)
  :: atomic { w[a].evGrantedP   && FRESH(r[a].sawGrantedP)   -> r[a].sawGrantedP = 1 }
#else
  :: atomic { w[a].evGrantedP   && FRESH(r[a].sawGrantedP)   -> r[a].sawGrantedP = 1;   give_back(a) }
#endif
  :: atomic { w[a].evAbandoned  && FRESH(r[a].sawAbandoned)  -> r[a].sawAbandoned = 1;  give_back(a) }
  :: atomic { w[a].evRolledBack && FRESH(r[a].sawRolledBack) -> r[a].sawRolledBack = 1; roll_back(a) }

  /* The deadline of a reservation, at any time: ask, never free by itself. */
#ifdef NO_RESOLVE
  :: atomic { r[a].st == R_RESERVED -> r[a].st = R_RELEASED; owner = FREE }
#else
  :: atomic { r[a].st == R_RESERVED && !w[a].resolve && !w[a].endedD && !w[a].endedWithout && !w[a].endedBack -> send(w[a].resolve) }
  :: atomic { w[a].endedD       -> take(w[a].endedD);       consume(a) }
  :: atomic { w[a].endedWithout -> take(w[a].endedWithout); give_back(a) }
  :: atomic { w[a].endedBack    -> take(w[a].endedBack);    roll_back(a) }
#endif
  od
}

/* ---- clearing: any consumer whose effect adds up (a ledger, a budget), so that a repeat is not harmless by itself ------ */
proctype Clearing(byte a) {
  end: do
  :: atomic { w[a].evGrantedD && FRESH(c[a].sawGrantedD) -> c[a].sawGrantedD = 1; c[a].bill++ }
  :: atomic { w[a].evRolledBack && FRESH(c[a].sawRolledBack) -> c[a].sawRolledBack = 1;
       if :: s[a].withCoupon -> c[a].bill-- :: else fi }        /* the event says what it rolls back */
  od
}

#if RIVAL
/* All other settlements in the world, as one: takes the free coupon, gives it back, or uses it up. */
proctype Rival() {
  end: do
  :: atomic { owner == FREE -> owner = THERIVAL }
  :: atomic { owner == THERIVAL && uses == 0 -> owner = FREE }
  :: atomic { owner == THERIVAL && uses < 3 -> uses++; break }
  od
}
#endif

/* ---- terminal --------------------------------------------------------------------------------------------------------- */
proctype Terminal(byte a) {
  byte tries = 0;
  end: do
  :: atomic { t[a] == T_IDLE -> t[a] = T_WAIT; send(w[a].settle) }
#ifndef SOUP
  :: atomic { t[a] == T_WAIT && !w[a].settle && tries < 2 -> tries++; send(w[a].settle) }
#endif
  :: atomic { t[a] == T_WAIT && w[a].sayP  -> t[a] = T_OKP }
  :: atomic { t[a] == T_WAIT && w[a].sayD  -> t[a] = T_OKD }
  :: atomic { t[a] == T_WAIT && w[a].sayNo -> t[a] = T_NO }
#ifndef PLAIN
  :: atomic { t[a] == T_WAIT -> t[a] = T_GONE }                          /* gives up and says nothing */
#endif
#if CANCEL
  :: atomic { (t[a] == T_WAIT || t[a] == T_OKP || t[a] == T_OKD || t[a] == T_CONFIRMED) && !again[a] ->
                 t[a] = T_CANCELLING; send(w[a].cancel) }
#ifndef SOUP
  :: atomic { t[a] == T_CANCELLING && !w[a].cancel && !w[a].sayCancelled -> send(w[a].cancel) }
#endif
  :: atomic { t[a] == T_CANCELLING && w[a].sayCancelled -> t[a] = T_CANCELLED }
  /* A terminal that lost its memory sends the attempt again; answers to its old requests no longer reach it. */
  :: atomic { t[a] == T_CANCELLED && !again[a] -> again[a] = 1; t[a] = T_WAIT; w[a].sayP = 0; w[a].sayD = 0; w[a].sayNo = 0; send(w[a].settle) }
#endif
#if ONCONFIRM
#ifdef TEXT_CONFIRM_BLIND
  :: atomic { (t[a] == T_OKP || t[a] == T_OKD) -> t[a] = T_CONFIRMED; send(w[a].confirm) }      /* hands over the goods without waiting */
#else
  :: atomic { (t[a] == T_OKP || t[a] == T_OKD) -> t[a] = T_CONFIRMING; send(w[a].confirm) }
#endif
#ifndef SOUP
  :: atomic { t[a] == T_CONFIRMING && !w[a].confirm && !w[a].sayConfirmed && !w[a].sayCancelled -> send(w[a].confirm) }
#endif
  :: atomic { t[a] == T_CONFIRMING && w[a].sayConfirmed -> t[a] = T_CONFIRMED }
  :: atomic { t[a] == T_CONFIRMING && w[a].sayCancelled -> t[a] = T_CANCELLED }
#endif
  od
}

/* ---- referee ---------------------------------------------------------------------------------------------------------- */

#define CLOSED(q)   (x[q].j == A_NONE || x[q].j == A_DECLINED || x[q].j == A_REVERSED || x[q].j == A_REFUNDED)
#define PAID(q)     (x[q].j == A_CAPTURED || x[q].j == A_LISTED)
#define OWES_NOTHING(a) (!CREDIT || !s[a].withCoupon || s[a].credited)
#define LISTED(a)   (x[2*a].j == A_LISTED || x[2*a+1].j == A_LISTED)
#define RELAY_RESTS(a) (!h[a].on && ( \
     s[a].st == NONE \
  || (s[a].st == ABANDONED && CLOSED(2*a) && CLOSED(2*a+1)) \
  || (s[a].st == CANCELLED && CLOSED(2*a) && CLOSED(2*a+1)) \
  || (s[a].st == GRANTED && s[a].amt == 0 && CLOSED(2*a) && CLOSED(2*a+1)) \
  || (s[a].st == GRANTED && s[a].amt > 0 && (OWES_NOTHING(a) || LISTED(a)) && ((PAID(2*a) && CLOSED(2*a+1)) || (CLOSED(2*a) && PAID(2*a+1)))) ))
#define REGISTRY_RESTS(a) (r[a].st != R_RESERVED && ( \
     s[a].st == NONE \
  || (s[a].st == ABANDONED && r[a].sawAbandoned) \
  || (s[a].st == CANCELLED && r[a].sawRolledBack) \
  || (s[a].st == GRANTED && s[a].withCoupon && r[a].sawGrantedD) \
  || (s[a].st == GRANTED && !s[a].withCoupon && r[a].sawGrantedP) ))
#define RESTS(a)    (RELAY_RESTS(a) && REGISTRY_RESTS(a))
#define MONEY(a)    (x[2*a].captured + x[2*a+1].captured)
#define TAKEN(a)    (MONEY(a) + CREDIT * (x[2*a].gaveCredit + x[2*a+1].gaveCredit) + (x[2*a].gaveRest + x[2*a+1].gaveRest) * REST(a))
#define BUSY(q)     (x[q].hold > 0 || x[q].captured > 0)

proctype Referee(byte a) {
  end: do
  /* at every instant */
  :: atomic { BUSY(2*a) && BUSY(2*a+1)                      -> printf("I1 two live holds\n"); assert(false) }
  :: atomic { x[2*a].hold + x[2*a+1].hold + MONEY(a) > P    -> printf("I1 above full price\n"); assert(false) }
  :: atomic { TAKEN(a) > 0 && !((s[a].st == GRANTED || s[a].st == CANCELLED) && TAKEN(a) == s[a].amt) ->
                 printf("I2 captured, but not what was granted\n"); assert(false) }
  :: atomic { uses > 1                                      -> printf("I3 coupon consumed twice\n"); assert(false) }
  :: atomic { r[a].st == R_CONSUMED && owner != a           -> printf("I3 consumed by one who does not hold it\n"); assert(false) }
  :: atomic { r[a].st == R_CONSUMED && !((s[a].st == GRANTED || s[a].st == CANCELLED) && s[a].withCoupon) ->
                 printf("I4 consumed without a grant\n"); assert(false) }
  :: atomic { r[a].st == R_RESERVED && (r[a].sawGrantedP || r[a].sawAbandoned || (r[a].sawRolledBack && r[a].sawGrantedD)) ->
                 printf("I5 reserved after its settlement ended\n"); assert(false) }
  :: atomic { t[a] == T_NO && !(s[a].st == ABANDONED || s[a].st == CANCELLED) ->
                 printf("I6 told declined, but not so\n"); assert(false) }
#if ONCONFIRM
  :: atomic { t[a] == T_CONFIRMED && !(s[a].st == GRANTED && s[a].confirmed) -> printf("I6 told confirmed, but not so\n"); assert(false) }
#else
  :: atomic { t[a] == T_OKP && !(s[a].st == GRANTED && s[a].amt == P && !s[a].withCoupon) -> printf("I6 told approved at P, but not so\n"); assert(false) }
  :: atomic { t[a] == T_OKD && !(s[a].st == GRANTED && s[a].amt == D && s[a].withCoupon) -> printf("I6 told approved at D, but not so\n"); assert(false) }
#endif
  :: atomic { t[a] == T_CANCELLED && !(s[a].st == ABANDONED || s[a].st == CANCELLED) -> printf("I6 told cancelled, but not so\n"); assert(false) }

  :: atomic { c[a].bill > 1 || c[a].bill < -1               -> printf("I7 an event took effect twice\n"); assert(false) }

  /* at rest */
  :: atomic { RELAY_RESTS(a) && !LISTED(a) && x[2*a].hold + x[2*a+1].hold > 0   -> printf("R1 at rest with a hold\n"); assert(false) }
  :: atomic { RELAY_RESTS(a) && !LISTED(a) && s[a].st == GRANTED && MONEY(a) != REST(a) -> printf("R2 at rest, granted, and not paid at what was promised\n"); assert(false) }
  :: atomic { RELAY_RESTS(a) && s[a].st != GRANTED && MONEY(a) > 0              -> printf("R2 at rest, money taken without a sale\n"); assert(false) }
  :: atomic { RESTS(a) && ((r[a].st == R_CONSUMED) != (s[a].st == GRANTED && s[a].withCoupon)) -> printf("R3 discount and coupon disagree at rest\n"); assert(false) }

  :: atomic { RESTS(a) && c[a].sawGrantedD && (s[a].st == GRANTED || c[a].sawRolledBack) &&
              c[a].bill != (r[a].st == R_CONSUMED) -> printf("R4 bill and coupon disagree at rest\n"); assert(false) }
#ifndef SOUP
  /* nothing left to do: everything must rest */
  :: atomic { timeout && !RESTS(a) -> printf("L1 stuck before rest\n"); assert(false) }
#endif
  od
}

#if N == 1
#define ALLREST RESTS(0)
#else
#define ALLREST (RESTS(0) && RESTS(1))
#endif
#ifdef LIVE
ltl comes_to_rest { <>[] (ALLREST) }
#endif

init {
  atomic {
    byte i = 0;
    do
    :: i < N ->
       s[i].st = NONE; t[i] = T_IDLE; r[i].st = R_NONE; h[i].card = UNKNOWN; h[i].coupon = UNKNOWN;
       x[2*i].j = A_NONE; x[2*i].n = N_UNSEEN; x[2*i+1].j = A_NONE; x[2*i+1].n = N_UNSEEN;
       run Terminal(i); run Front(i); run Handler(i); run Crash(i); run Sweeper(i);
       run Queue(i, 2*i); run Queue(i, 2*i+1); run Network(i, 2*i); run Network(i, 2*i+1);
       run Registry(i); run Clearing(i); run Referee(i);
       i++
    :: else -> break
    od;
#if RIVAL
    run Rival();
#endif
    i = 0
  }
}
