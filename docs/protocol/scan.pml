/*
 * A scan that is final at once (docs/decisions/0028), as Promela: store, barcode (journal, handler, sweeper) and medium-registry,
 * for N scans of one bar code with one coupon, and a rival that may take, return or use up the coupon at any time.
 *
 * Every message once sent stays for ever: it may arrive never, late, often, after any other. barcode may die at any step;
 * what its handler knew is gone, what it committed is not. Deadlines fire at any moment. Each `atomic` is one transaction.
 *
 *   spin -a docs/protocol/scan.pml && gcc -O2 -DSAFETY -DCOLLAPSE -DNOCLAIM -o pan pan.c && ./pan -m200000
 *
 * NO_… and TEXT_… take a safeguard out, and must be noticed.
 */
#ifndef N
#define N 2
#endif

mtype:scan = { NONE, ASKED, GRANTED, REFUSED, ROLLED_BACK, VOIDED }; /* VOIDED: the void came before the scan */
mtype:set = { R_NONE, R_EMPTY, R_CONSUMED, R_RELEASED, R_ROLLED_BACK };
mtype:store = { T_WAITS, T_VALID, T_INVALID, T_VOIDING, T_VOIDED };

#define FREE 9
#define RIVAL 8
#define GONE 7

mtype:scan s[N];               /* durable, barcode */
byte codeUser = FREE;          /* durable, barcode: the scan that uses the code */
bit on[N];                     /* volatile, barcode: a handler runs */
mtype:set r[N];                /* durable, medium-registry */
bit sawEnd[N];                 /* durable, medium-registry: the roll-back was applied */
byte owner = FREE;             /* durable, medium-registry: who has the coupon */
mtype:store t[N];              /* what the store believes */
bit use[N], found[N], none[N], sayValid[N], sayInvalid[N], toVoid[N], sayVoided[N], rolledBack[N]; /* wires */

#define FREES(a) if :: codeUser == a -> codeUser = FREE :: else fi
#define SAYS(a) if :: s[a] == GRANTED -> sayValid[a] = 1 :: else -> sayInvalid[a] = 1 fi
#define OVER(a) (s[a] == GRANTED || s[a] == REFUSED || s[a] == ROLLED_BACK || s[a] == VOIDED)

proctype Barcode(byte a) {
  end: do
  /* `scan-code`, and its repeats: journal first, in one commit with the use of the code. */
  :: atomic { s[a] == NONE && codeUser == FREE -> on[a] = 1;
#ifndef NO_JOURNAL
       s[a] = ASKED; codeUser = a
#endif
     }
  :: atomic { s[a] == NONE && codeUser != FREE && codeUser != a && !on[a] -> s[a] = REFUSED; SAYS(a) }
  :: atomic { s[a] == ASKED -> on[a] = 1 }
  :: atomic { OVER(a) && !on[a] -> SAYS(a) }
  /* The handler: asks the registry, and writes what it answered if nobody has ended the scan meanwhile. */
  :: atomic { on[a] -> use[a] = 1 }
#ifdef NO_JOURNAL
  :: atomic { on[a] && found[a] && s[a] == NONE && codeUser == FREE -> s[a] = GRANTED; codeUser = a; SAYS(a); on[a] = 0 }
#endif
  :: atomic { on[a] && found[a] && s[a] == ASKED -> s[a] = GRANTED; SAYS(a); on[a] = 0 }
  :: atomic { on[a] && none[a] && s[a] == ASKED -> s[a] = REFUSED; FREES(a); SAYS(a); on[a] = 0 }
#ifdef NO_CONDITION
  :: atomic { on[a] && found[a] && OVER(a) -> s[a] = GRANTED; SAYS(a); on[a] = 0 }
#endif
#ifdef TEXT_ANSWERS_WHAT_IT_KNOWS
  :: atomic { on[a] && found[a] -> sayValid[a] = 1; on[a] = 0 }
#endif
  :: atomic { on[a] && OVER(a) -> SAYS(a); on[a] = 0 }
  :: atomic { on[a] -> on[a] = 0 } /* dies */
  /* The sweeper: nobody was told anything yet. */
  :: atomic { s[a] == ASKED -> s[a] = ROLLED_BACK; FREES(a); rolledBack[a] = 1 }
  /* `void-scan` */
  :: atomic { toVoid[a] && s[a] == NONE -> s[a] = VOIDED; sayVoided[a] = 1 }
  :: atomic { toVoid[a] && (s[a] == ASKED || s[a] == GRANTED) -> s[a] = ROLLED_BACK; FREES(a); rolledBack[a] = 1; sayVoided[a] = 1 }
  :: atomic { toVoid[a] && (s[a] == REFUSED || s[a] == ROLLED_BACK || s[a] == VOIDED) -> sayVoided[a] = 1 }
  od
}

/* `use-coupons` and the inbox. What is taken is used, in the same commit. */
proctype Registry(byte a) {
  end: do
  :: atomic { use[a] && r[a] == R_NONE && owner == FREE -> r[a] = R_CONSUMED; owner = a; found[a] = 1 }
  :: atomic { use[a] && r[a] == R_NONE && owner != FREE -> r[a] = R_EMPTY; none[a] = 1 }
  :: atomic { use[a] && r[a] == R_CONSUMED -> found[a] = 1 }
  :: atomic { use[a] && (r[a] == R_EMPTY || r[a] == R_RELEASED || r[a] == R_ROLLED_BACK) -> none[a] = 1 }
#ifndef NO_TOMBSTONE
  :: atomic { rolledBack[a] && r[a] == R_NONE -> r[a] = R_RELEASED; sawEnd[a] = 1 }
#else
  :: atomic { rolledBack[a] && r[a] == R_NONE -> sawEnd[a] = 1; rolledBack[a] = 0 }
#endif
#ifndef TEXT_ABANDONED
  :: atomic { rolledBack[a] && r[a] == R_CONSUMED -> r[a] = R_ROLLED_BACK; owner = FREE; sawEnd[a] = 1 }
#else
  :: atomic { rolledBack[a] && r[a] == R_CONSUMED -> sawEnd[a] = 1 } /* as `abandoned` would be taken */
#endif
  :: atomic { rolledBack[a] && (r[a] == R_EMPTY || r[a] == R_RELEASED || r[a] == R_ROLLED_BACK) -> sawEnd[a] = 1 }
  od
}

proctype Rival() {
  end: do
  :: atomic { owner == FREE -> owner = RIVAL }
  :: atomic { owner == RIVAL -> owner = FREE }
  :: atomic { owner == RIVAL -> owner = GONE }
  od
}

proctype Store(byte a) {
  end: do
  :: atomic { t[a] == T_WAITS && sayValid[a] -> t[a] = T_VALID }
  :: atomic { t[a] == T_WAITS && sayInvalid[a] -> t[a] = T_INVALID }
  :: atomic { t[a] == T_WAITS || t[a] == T_VALID -> t[a] = T_VOIDING; toVoid[a] = 1 }
  :: atomic { t[a] == T_VOIDING && sayVoided[a] -> t[a] = T_VOIDED }
  od
}

#define RESTS(a) (!on[a] && s[a] != ASKED && (!rolledBack[a] || sawEnd[a]))

proctype Referee(byte a) {
  end: do
  :: atomic { s[a] == GRANTED && r[a] != R_CONSUMED -> printf("I4 granted, and the coupon is not used\n"); assert(false) }
  :: atomic { r[a] == R_CONSUMED && owner != a -> printf("I3 consumed by one who does not hold it\n"); assert(false) }
  :: atomic { t[a] == T_VALID && s[a] != GRANTED -> printf("I6 told valid, and it is not\n"); assert(false) }
  :: atomic { (t[a] == T_INVALID || t[a] == T_VOIDED) && s[a] == GRANTED -> printf("I6 told invalid or voided, and it is granted\n"); assert(false) }
  :: atomic { s[a] == GRANTED && codeUser != a -> printf("the code is free beside its use\n"); assert(false) }
  :: atomic { RESTS(a) && (r[a] == R_CONSUMED) != (s[a] == GRANTED) -> printf("R3 scan and coupon disagree at rest\n"); assert(false) }
  od
}

init {
  byte a = 0;
  atomic {
    do
    :: a < N -> s[a] = NONE; r[a] = R_NONE; t[a] = T_WAITS; run Barcode(a); run Registry(a); run Store(a); run Referee(a); a++
    :: else -> break
    od;
    run Rival()
  }
}
