/** What the value code of a UPC-A coupon says. */
export interface UpcValue {
  /** Pieces that must be in the basket, those that become free included. */
  purchase: number;
  reward: { kind: 'amount-off'; amount: bigint } | { kind: 'free-item'; quantity: number };
}

/**
 * The two-digit value codes of UPC-A coupons (number system 5), in US cents.
 *
 * 00 means that the value is not encoded; 26, 27, 94 and 97 are not assigned.
 */
export const UPC_VALUE_CODES: Readonly<Record<string, UpcValue>> = {
  '01': oneFreeOf(1), // Free item.
  '02': oneFreeOf(5), // Buy 4 get 1 free.
  '03': amountOff(1, 110n),
  '04': amountOff(1, 135n),
  '05': amountOff(1, 140n),
  '06': amountOff(1, 160n),
  '07': amountOff(3, 150n),
  '08': amountOff(2, 300n),
  '09': amountOff(3, 200n),
  '10': amountOff(1, 10n),
  '11': amountOff(1, 185n),
  '12': amountOff(1, 12n),
  '13': amountOff(4, 100n),
  '14': oneFreeOf(2), // Buy 1 get 1 free.
  '15': amountOff(1, 15n),
  '16': oneFreeOf(3), // Buy 2 get 1 free.
  '17': amountOff(1, 210n),
  '18': amountOff(1, 260n),
  '19': oneFreeOf(4), // Buy 3 get 1 free.
  '20': amountOff(1, 20n),
  '21': amountOff(2, 35n),
  '22': amountOff(2, 40n),
  '23': amountOff(2, 45n),
  '24': amountOff(2, 50n),
  '25': amountOff(1, 25n),
  '28': amountOff(2, 55n),
  '29': amountOff(1, 29n),
  '30': amountOff(1, 30n),
  '31': amountOff(2, 60n),
  '32': amountOff(2, 75n),
  '33': amountOff(2, 100n),
  '34': amountOff(2, 125n),
  '35': amountOff(1, 35n),
  '36': amountOff(2, 150n),
  '37': amountOff(3, 25n),
  '38': amountOff(3, 30n),
  '39': amountOff(1, 39n),
  '40': amountOff(1, 40n),
  '41': amountOff(3, 50n),
  '42': amountOff(3, 100n),
  '43': amountOff(2, 110n),
  '44': amountOff(2, 135n),
  '45': amountOff(1, 45n),
  '46': amountOff(2, 160n),
  '47': amountOff(2, 175n),
  '48': amountOff(2, 185n),
  '49': amountOff(1, 49n),
  '50': amountOff(1, 50n),
  '51': amountOff(2, 200n),
  '52': amountOff(3, 55n),
  '53': amountOff(2, 10n),
  '54': amountOff(2, 15n),
  '55': amountOff(1, 55n),
  '56': amountOff(2, 20n),
  '57': amountOff(2, 25n),
  '58': amountOff(2, 30n),
  '59': amountOff(1, 59n),
  '60': amountOff(1, 60n),
  '61': amountOff(1, 1000n),
  '62': amountOff(1, 950n),
  '63': amountOff(1, 900n),
  '64': amountOff(1, 850n),
  '65': amountOff(1, 65n),
  '66': amountOff(1, 800n),
  '67': amountOff(1, 750n),
  '68': amountOff(1, 700n),
  '69': amountOff(1, 69n),
  '70': amountOff(1, 70n),
  '71': amountOff(1, 650n),
  '72': amountOff(1, 600n),
  '73': amountOff(1, 550n),
  '74': amountOff(1, 500n),
  '75': amountOff(1, 75n),
  '76': amountOff(1, 100n),
  '77': amountOff(1, 125n),
  '78': amountOff(1, 150n),
  '79': amountOff(1, 79n),
  '80': amountOff(1, 80n),
  '81': amountOff(1, 175n),
  '82': amountOff(1, 200n),
  '83': amountOff(1, 225n),
  '84': amountOff(1, 250n),
  '85': amountOff(1, 85n),
  '86': amountOff(1, 275n),
  '87': amountOff(1, 300n),
  '88': amountOff(1, 325n),
  '89': amountOff(1, 89n),
  '90': amountOff(1, 90n),
  '91': amountOff(1, 350n),
  '92': amountOff(1, 375n),
  '93': amountOff(1, 400n),
  '95': amountOff(1, 95n),
  '96': amountOff(1, 450n),
  '98': amountOff(2, 65n),
  '99': amountOff(1, 99n),
};

function amountOff(purchase: number, amount: bigint): UpcValue {
  return { purchase, reward: { kind: 'amount-off', amount } };
}

function oneFreeOf(purchase: number): UpcValue {
  return { purchase, reward: { kind: 'free-item', quantity: 1 } };
}
