/** Unique identifiers of DICOM that an echo needs (PS3.6). */
export const uids = {
  applicationContext: '1.2.840.10008.3.1.1.1',
  verification: '1.2.840.10008.1.1',
  implicitLittleEndian: '1.2.840.10008.1.2',
  explicitLittleEndian: '1.2.840.10008.1.2.1',
  /** This implementation; made from a UUID (PS3.5 B.2). */
  implementation: '2.25.304051983374094287163407057718112134559',
} as const;

/** Up to 16 characters. */
export const implementationVersion = 'EVENKEEL_ECHO_1';

/** What a peer may send in one PDU. An echo needs some hundred bytes; a request with every context fits. */
export const mostPduBytes = 262_144;
/** What peers are told: the usual size. */
export const announcedBytes = 16_384;

/** Types of PDU (PS3.8 9.3). */
export const pduTypes = {
  associateRequest: 1,
  associateAccept: 2,
  associateReject: 3,
  data: 4,
  releaseRequest: 5,
  releaseResponse: 6,
  abort: 7,
} as const;
