export { localPowerShell, type ThisComputer } from './executable';
export { SignOnLink } from './link';
export { isSignOnTrouble } from './sign-on-faults';
