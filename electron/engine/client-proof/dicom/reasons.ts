/** Why an association was rejected (PS3.8 table 9-21), by source and reason. */
const rejections: Readonly<Record<string, string>> = {
  '1/1': 'no reason given',
  '1/2': 'application context not supported',
  '1/3': 'calling AE title not recognised',
  '1/7': 'called AE title not recognised',
  '2/1': 'no reason given',
  '2/2': 'protocol version not supported',
  '3/1': 'temporary congestion',
  '3/2': 'local limit exceeded',
};

/** Of an abort by the provider (PS3.8 table 9-26). */
const aborts: Readonly<Record<number, string>> = {
  0: 'reason not specified',
  1: 'unrecognised PDU',
  2: 'unexpected PDU',
  4: 'unrecognised PDU parameter',
  5: 'unexpected PDU parameter',
  6: 'invalid PDU parameter value',
};

/** Of a presentation context (PS3.8 table 9-18). */
const contextResults: Readonly<Record<number, string>> = {
  1: 'refused by the user',
  2: 'refused without a reason',
  3: 'verification is not supported',
  4: 'no common transfer syntax',
};

export function rejectionWord(source: number, reason: number): string {
  return rejections[`${source}/${reason}`] ?? `rejected, reason ${source}/${reason}`;
}

export function rejectionDetail(result: number, source: number): string {
  const lasting = result === 2 ? 'for now' : 'for good';
  const by = source === 1 ? 'the application' : 'its DICOM layer';
  return `The association was rejected ${lasting}, by ${by}.`;
}

export function abortDetail(source: number, reason: number): string {
  if (source === 0) return 'The application aborted the association.';
  return `The DICOM layer aborted the association: ${aborts[reason] ?? `reason ${reason}`}.`;
}

export function contextWord(result: number): string {
  return contextResults[result] ?? `refused, result ${result}`;
}
