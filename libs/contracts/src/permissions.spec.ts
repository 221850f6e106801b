import { SERVICES } from './contract.ts';
import { permissionsFor } from './permissions.ts';

describe('permissionsFor', () => {
  it('lets a relay ask what relays may ask, in its own name, and be asked', () => {
    const { publish, subscribe } = permissionsFor({ relay: 'shop' });
    expect(publish).toContain('couplet.request.settlement-relay.settle.*.shop');
    expect(publish).not.toContain('couplet.request.settlement-relay.resolve.*.shop');
    expect(
      publish.every((subject) => subject.startsWith('couplet.request.') && subject.endsWith('.shop')),
    ).toBe(true);
    expect(subscribe).toEqual(['_INBOX_relay.shop.>', 'couplet.network.shop.>']);
  });

  it('lets settlement-relay alone ask card networks', () => {
    const askers = SERVICES.filter((service) =>
      permissionsFor(service).publish.some((subject) => subject.startsWith('couplet.network.')),
    );
    expect(askers).toEqual(['settlement-relay']);
  });

  it('lets each service publish its own events and read with its own consumers only', () => {
    for (const service of SERVICES) {
      const { publish } = permissionsFor(service);
      for (const subject of publish.filter((allowed) => allowed.startsWith('couplet.event.'))) {
        expect(subject).toBe(`couplet.event.${service}.>`);
      }
      for (const subject of publish.filter((allowed) => allowed.startsWith('$JS.'))) {
        expect(subject).toMatch(
          new RegExp(
            `^\\$JS\\.(API\\.CONSUMER\\.(INFO|MSG\\.NEXT)\\.EVENT_[A-Z_]+\\.${service}|ACK\\.EVENT_[A-Z_]+\\.${service}\\.>)$`,
          ),
        );
      }
    }
  });

  it('lets the simulator answer, and advise, as the relay "sim"', () => {
    const { publish, subscribe } = permissionsFor('network-simulator');
    expect(subscribe).toContain('couplet.network.sim.>');
    expect(publish).toContain('couplet.request.settlement-relay.advise.*.sim');
  });

  it('lets a service reply to whoever may ask it, and to nobody else', () => {
    const inboxes = (service: (typeof SERVICES)[number]) =>
      permissionsFor(service)
        .publish.filter((subject) => subject.startsWith('_INBOX'))
        .sort();
    expect(inboxes('settlement-relay')).toEqual([
      '_INBOX_gateway.>',
      '_INBOX_medium-registry.>',
      '_INBOX_network-simulator.>', // Advises as the relay "sim".
      '_INBOX_operator.>',
      '_INBOX_relay.*.>',
    ]);
    expect(inboxes('network-simulator')).toEqual(['_INBOX_operator.>', '_INBOX_settlement-relay.>']);
    expect(inboxes('issuance')).not.toContain('_INBOX_relay.*.>');
  });

  it('gives nobody the inbox of another', () => {
    for (const user of [...SERVICES, 'gateway', 'operator', 'deployer'] as const) {
      const inboxes = permissionsFor(user).subscribe.filter((subject) => subject.startsWith('_INBOX'));
      expect(inboxes).toEqual([`_INBOX_${user}.>`]);
    }
  });

  it.each([
    'settlement-relay',
    'gateway',
    'operator',
    'deployer',
    'a.b',
    '*',
    '>',
    '',
    'Shop',
    'x'.repeat(33),
  ])('takes "%s" for no relay', (relay) => expect(() => permissionsFor({ relay })).toThrow(RangeError));
});
