export { WebuiServer } from './server';
