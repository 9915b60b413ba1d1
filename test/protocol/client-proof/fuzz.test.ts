import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeCommand, echoResponseCommand } from '#engine/client-proof/dicom/command';
import { PduFault } from '#engine/client-proof/dicom/fields';
import { associateAccept, associateRequest, commandData, decodePdu } from '#engine/client-proof/dicom/pdu';
import { uids } from '#engine/client-proof/dicom/values';

/** Whatever a peer sends is understood, or refused as its fault. */

const offer = { id: 1, abstractSyntax: uids.verification, transferSyntaxes: [uids.implicitLittleEndian] };
const whole = [
  associateRequest('ANY-SCP', 'EVENKEEL', [offer]),
  associateAccept('ANY-SCP', 'EVENKEEL', [{ id: 1, result: 0, transferSyntax: uids.implicitLittleEndian }]),
  commandData(1, echoResponseCommand(1, 0)),
];
/** A right PDU with some bytes changed and its end cut off. */
const broken = fc
  .tuple(fc.constantFrom(...whole), fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 6 }), fc.nat(400))
  .map(([pdu, changes, length]) => {
    const bytes = Buffer.from(pdu);
    for (const [at, value] of changes) bytes[at % bytes.length] = value;
    return bytes.subarray(0, length);
  });
const anything = fc.oneof(
  broken,
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
);

function faultOrNothing(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(PduFault);
  }
}

it('20,000 broken PDUs and commands: a fault or a meaning, nothing else', () => {
  fc.assert(
    fc.property(anything, (bytes) => {
      faultOrNothing(() => decodePdu(bytes[0] ?? 0, bytes.subarray(6)));
      faultOrNothing(() => decodeCommand(bytes));
    }),
    { numRuns: 20_000 },
  );
});

it('what is written is read the same', () => {
  expect(decodePdu(1, (whole[0] ?? Buffer.alloc(0)).subarray(6))).toEqual({
    ...{ kind: 'associate-request', called: 'ANY-SCP', calling: 'EVENKEEL', contexts: [offer] },
  });
});
