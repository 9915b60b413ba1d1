export { Records, type ChangeRecord } from './records';
